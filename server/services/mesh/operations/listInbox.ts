/** Inbox list and count: what was accepted and not yet collected, oldest first. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { RowId } from '../../../core/store/store.ts';
import { json, MESH_V2_TYPE } from '../answers.ts';
import type { MailboxCall } from '../call.ts';
import { FILTER_BATCH } from '../limits.ts';
import { newInternalId } from '../messageId.ts';
import { link, pageToken, queryInteger, queryText, queryToken, tokenPlace, UNREADABLE_TOKEN } from '../paging.ts';
import { type WorkflowFilter, workflowFilter } from '../workflowFilter.ts';

const DEFAULT_RESULTS = 500;

export async function listInbox(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mailbox, mesh, space, version } = call;
  const limit = queryInteger(exchange, 'max_results', { min: 10, max: 5000, fallback: DEFAULT_RESULTS });
  const token = queryToken(exchange);
  const filter = queryText(exchange, 'workflow_filter', { min: 2, max: 255 });
  if (typeof limit === 'object') return call.invalid([limit]);
  if (typeof token === 'object') return call.invalid([token]);
  if (typeof filter === 'object') return call.invalid([filter]);
  const after = await placeAfter(call, token);
  if (after === undefined) return call.invalid([UNREADABLE_TOKEN]);

  const { messages, more } = await page(call, after, limit, workflowFilter(filter));
  const ids = messages.map(({ id }) => id);
  if (version === 1) return json(200, { messages: ids });
  const path = `/messageexchange/${mailbox.id}/inbox`;
  const query = { max_results: limit === DEFAULT_RESULTS ? undefined : limit, workflow_filter: filter };
  const last = messages.at(-1);
  const next = more && last ? link(path, { ...query, continue_from: pageToken(last.seq, last.id) }) : undefined;
  const body = {
    messages: ids,
    links: { self: link(path, query), next },
    approx_inbox_count: await mesh.messages.waitingCount(space.name, mailbox.id),
  };
  return json(200, body, MESH_V2_TYPE);
}

/** Where the page begins. v1 continues from a message id, and starts anew if that is not known. */
async function placeAfter(
  { mesh, space, version }: MailboxCall,
  token: string | undefined,
): Promise<number | undefined> {
  if (token === undefined) return 0;
  if (version === 2) return tokenPlace(token);
  return (await mesh.messages.placeOf(space.name, token.toUpperCase())) ?? 0;
}

interface Found {
  messages: RowId[];
  more: boolean;
}

async function page(
  call: MailboxCall,
  from: number,
  limit: number,
  filter: WorkflowFilter | undefined,
): Promise<Found> {
  if (filter) return filteredPage(call, from, limit, filter);
  const { mailbox, mesh, space } = call;
  // One more than asked for tells whether there is a next page.
  const rows = await mesh.messages.waiting(space.name, mailbox.id, { after: from, limit: limit + 1 });
  return { messages: rows.slice(0, limit), more: rows.length > limit };
}

/** The filter is applied before paging: rows are read until the page is full or the inbox ends. */
async function filteredPage(call: MailboxCall, from: number, limit: number, filter: WorkflowFilter): Promise<Found> {
  const { mailbox, mesh, space } = call;
  const messages: RowId[] = [];
  let after = from;
  while (true) {
    const rows = await mesh.messages.inbox(space.name, mailbox.id, true, { after, limit: FILTER_BATCH });
    for (const { id, seq, value } of rows) {
      if (!filter(value.workflow)) continue;
      if (messages.length === limit) return { messages, more: true };
      messages.push({ id, seq });
    }
    if (rows.length < FILTER_BATCH) return { messages, more: false };
    after = rows.at(-1)!.seq;
  }
}

/** Deprecated, but clients still ask. */
export async function countInbox({ mailbox, mesh, space, version }: MailboxCall): Promise<HttpAnswer> {
  const count = await mesh.messages.waitingCount(space.name, mailbox.id);
  return json(200, version === 1 ? { count, internalID: newInternalId(space), allResultsIncluded: true } : { count });
}

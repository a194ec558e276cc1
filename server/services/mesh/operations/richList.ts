/** Rich inbox and outbox: every status, newest first, one line of facts for each message. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { json, MESH_V2_TYPE } from '../answers.ts';
import type { MailboxCall } from '../call.ts';
import type { Message } from '../mailbox/message.ts';
import type { InvalidField } from '../messages/errorBody.ts';
import { richMessage, richOutboxMessage, sentAt } from '../messages/rich.ts';
import { link, pageToken, queryInteger, queryToken, tokenPlace, UNREADABLE_TOKEN } from '../paging.ts';
import { DAY_MS, isoTime, queryTime } from '../times.ts';

const DEFAULT_RESULTS = 100;
/** How far back a list goes that names no start. */
const DEFAULT_DAYS = 30;
/** The outbox takes larger numbers and gives no more than this. */
const MAX_OUTBOX_RESULTS = 100;

interface Window {
  from: number;
  before: number | undefined;
  limit: number;
}

interface FoundMessage {
  seq: number;
  message: Message;
}

export async function richInbox(call: MailboxCall): Promise<HttpAnswer> {
  const window = readWindow(call, { min: 1, max: 2000, fallback: DEFAULT_RESULTS });
  if ('loc' in window) return call.invalid([window]);
  const { mailbox, mesh, space } = call;
  const find = async (page: Page): Promise<FoundMessage[]> => {
    const entries = await mesh.messages.inbox(space.name, mailbox.id, false, page);
    const found = entries.map(async ({ id, seq }) => ({ seq, message: (await mesh.messages.get(space.name, id))! }));
    return (await Promise.all(found)).filter(({ message }) => message !== undefined);
  };
  return list(call, 'inbox/rich', window, find, richMessage);
}

export async function richOutbox(call: MailboxCall): Promise<HttpAnswer> {
  const window = readWindow(call, { min: 10, max: 5000, fallback: DEFAULT_RESULTS });
  if ('loc' in window) return call.invalid([window]);
  const { mailbox, mesh, space } = call;
  const find = async (page: Page): Promise<FoundMessage[]> => {
    const rows = await mesh.messages.outbox(space.name, mailbox.id, page);
    return rows.map(({ seq, value }) => ({ seq, message: value }));
  };
  const limit = Math.min(window.limit, MAX_OUTBOX_RESULTS);
  return list(call, 'outbox/rich', { ...window, limit }, find, richOutboxMessage);
}

type Page = { after?: number | undefined; limit: number; reverse: true };

function readWindow(
  { exchange, space }: MailboxCall,
  limits: { min: number; max: number; fallback: number },
): Window | InvalidField {
  const limit = queryInteger(exchange, 'max_results', limits);
  if (typeof limit === 'object') return limit;
  const token = queryToken(exchange);
  if (typeof token === 'object') return token;
  const before = token === undefined ? undefined : tokenPlace(token);
  if (token !== undefined && before === undefined) return UNREADABLE_TOKEN;
  const start = exchange.query.get('start_time');
  const from = start ? queryTime(start) : space.clock.now() - DEFAULT_DAYS * DAY_MS;
  if (from === undefined)
    return { loc: ['query', 'start_time'], msg: 'not an ISO 8601 time', type: 'datetime_parsing' };
  return { from, before, limit };
}

async function list(
  { mailbox, space }: MailboxCall,
  path: string,
  { from, before, limit }: Window,
  find: (page: Page) => Promise<FoundMessage[]>,
  line: (message: Message) => object,
): Promise<HttpAnswer> {
  // One more than asked for tells whether there is a next page.
  const found = (await find({ after: before, limit: limit + 1, reverse: true })).filter(
    ({ message }) => sentAt(message) > from,
  );
  const shown = found.slice(0, limit);
  const address = `/messageexchange/${mailbox.id}/${path}`;
  // The peer prints the time with a blank in place of the T.
  const query = { start_time: isoTime(from).replace('T', ' '), max_results: limit };
  const last = shown.at(-1);
  const next =
    found.length > limit && last
      ? link(address, { ...query, continue_from: pageToken(last.seq, last.message.id) })
      : undefined;
  const body = {
    valid_at: isoTime(space.clock.now()),
    messages: shown.map(({ message }) => line(message)),
    links: { self: link(address, query), next },
  };
  return json(200, body, MESH_V2_TYPE);
}

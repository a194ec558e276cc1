/** `spine-sim deliveries`: what Spine sends to partners, and sending it again. */
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

interface View {
  id: string;
  state: string;
  interaction?: string;
  identity: { partyKey?: string; toPartyKey?: string; messageId?: string };
  url?: string;
  reason?: string;
  attempted: number;
  retries: number;
  nextAt?: string;
  attempts: { at: string; outcome: string; detail: string }[];
}

const FILTERS = ['state', 'party', 'messageId', 'conversation', 'limit'] as const;

export function deliveryLine(view: View): string {
  const { id, state, interaction = '', identity, attempted, retries, nextAt, url, reason } = view;
  const next = nextAt === undefined ? '' : `, next ${nextAt}`;
  const text = `${id} ${state.padEnd(11)} ${interaction} to ${identity.toPartyKey ?? '?'} ${url ?? '(no endpoint)'}, attempt ${attempted} of ${retries + 1}${next}`;
  const last = view.attempts.at(-1)?.detail;
  const why = state === 'dead' ? reason : state === 'delivered' ? undefined : last;
  return why ? `${text}\n    ${why}` : text;
}

async function list(invocation: Invocation): Promise<number> {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = textFlag(invocation, name);
    if (value !== undefined) query.set(name, value);
  }
  const found = await adminJson<{ counts: Record<string, number>; deliveries: View[] }>(
    invocation,
    'GET',
    `/api/deliveries?${query}`,
  );
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(found, null, 2));
    return 0;
  }
  for (const view of found.deliveries.reverse()) invocation.print(deliveryLine(view));
  const counts = Object.entries(found.counts).map(([state, count]) => `${count} ${state}`);
  invocation.print(counts.join(', '));
  return 0;
}

async function replay(invocation: Invocation, id: string | undefined): Promise<number> {
  if (id === 'dead') {
    const { replayed } = await adminJson<{ replayed: number }>(invocation, 'POST', '/api/deliveries/replay', {});
    invocation.print(`${replayed} sent again`);
    return 0;
  }
  if (id === undefined) throw new UsageError(`use: spine-sim ${deliveries.usage}`);
  const url = textFlag(invocation, 'url');
  const path = `/api/deliveries/${encodeURIComponent(id)}/replay`;
  invocation.print(deliveryLine(await adminJson<View>(invocation, 'POST', path, url === undefined ? {} : { url })));
  return 0;
}

async function body(invocation: Invocation, id: string): Promise<number> {
  const { status, text } = await callAdmin(invocation, 'GET', `/api/deliveries/${encodeURIComponent(id)}/body`);
  if (status >= 400) throw new VerbError(text);
  invocation.print(text);
  return 0;
}

export const deliveries: Verb = {
  name: 'deliveries',
  usage:
    'deliveries [show <id> | body <id> | replay <id>|dead [--url <url>] | remove <id>] [--state <state>] [--party <key>] [...] [--json]',
  summary: 'list what Spine sends to partners, look into it, send it again',
  flags: [...FILTERS, 'url', 'json'],
  words: 2,
  async run(invocation) {
    const [action, id] = invocation.words;
    if (action === undefined) return list(invocation);
    if (action === 'replay') return replay(invocation, id);
    if (id === undefined || !['show', 'body', 'remove'].includes(action)) {
      throw new UsageError(`use: spine-sim ${deliveries.usage}`);
    }
    if (action === 'body') return body(invocation, id);
    const path = `/api/deliveries/${encodeURIComponent(id)}`;
    if (action === 'remove') await adminJson(invocation, 'DELETE', path);
    else invocation.print(JSON.stringify(await adminJson(invocation, 'GET', path), null, 2));
    return 0;
  },
};

/** `spine-sim journal`: what happened, newest last; with an id, one exchange whole. */
import { adminJson } from '../adminClient.ts';
import type { Invocation, Verb } from '../verb.ts';

interface Summary {
  id: string;
  at: string;
  protocol: string;
  service: string;
  operation?: string;
  interaction?: string;
  method?: string;
  path?: string;
  host?: string;
  rule?: string;
  status?: number;
  outcome: string;
  durationMs: number;
  advice?: string;
  error?: { code: string; message: string };
  nearMisses: { kind: string; candidate: string; reason: string }[];
  ldap?: { base?: string; scope?: string; filter?: string; count?: number };
}

/** Near misses in a list; the entry itself has all. */
const NEAR_SHOWN = 4;

/** Flags that belong to the command, not to the filter. */
const OWN_FLAGS = new Set(['admin', 'admin-port', 'admin-token', 'space', 'json', 'help']);

function line(entry: Summary): string {
  const what = [entry.service, entry.operation, entry.interaction].filter(Boolean).join(' ');
  const target = entry.ldap ? ldapTarget(entry.ldap) : targetOf(entry);
  const text = `${entry.at} ${entry.id.slice(0, 8)} ${entry.outcome.padEnd(7)} ${what} ${target} ${entry.status ?? ''} ${entry.durationMs} ms`;
  return [text, ...reasons(entry)].join('\n    ');
}

/** Of a handshake nothing is known but the name that the client called by. */
const targetOf = ({ protocol, host, method, path }: Summary) =>
  protocol === 'tls' ? (host ?? '(no host name)') : [method, path].filter(Boolean).join(' ');

/** Why it ended as it did, what to change, and what was near: so that most questions need no look at the whole entry. */
function reasons({ id, protocol, error, advice, nearMisses, rule }: Summary): string[] {
  const lines = nearMisses
    .slice(0, NEAR_SHOWN)
    .map(({ kind, candidate, reason }) => `near: ${kind} ${candidate} ${reason}`);
  if (nearMisses.length > NEAR_SHOWN) {
    lines.push(`${nearMisses.length - NEAR_SHOWN} more: spine-sim journal ${id.slice(0, 8)}`);
  }
  if (advice !== undefined) lines.unshift(advice);
  // Of a handshake the advice says it all.
  const told = advice !== undefined && (protocol === 'tls' || (error && advice.includes(error.message)));
  if (error && !told) lines.unshift(`${error.code}: ${error.message}`);
  if (rule !== undefined) lines.push(`by rule: ${rule}`);
  return lines;
}

/** Where a search began, what it asked, and how much it found. */
function ldapTarget({ base, scope, filter, count }: NonNullable<Summary['ldap']>): string {
  const found = count === undefined ? '' : `${count} ${count === 1 ? 'entry' : 'entries'}`;
  return [base && `"${base}"`, scope, filter, found].filter(Boolean).join(' ');
}

async function list(invocation: Invocation): Promise<number> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(invocation.flags)) {
    if (!OWN_FLAGS.has(name)) query.set(name, String(value));
  }
  if (!query.has('limit')) query.set('limit', '50');
  const { entries } = await adminJson<{ entries: Summary[] }>(invocation, 'GET', `/api/journal?${query}`);
  if (entries.length === 0) invocation.complain('no exchange fits');
  for (const entry of entries.reverse()) invocation.print(invocation.flags.json ? JSON.stringify(entry) : line(entry));
  return 0;
}

export const journal: Verb = {
  name: 'journal',
  usage: 'journal [<id>] [--service <name>] [--outcome <ok|refused|failed>] [...] [--json]',
  summary: 'list exchanges, or show one with its steps and bodies',
  words: 1,
  async run(invocation) {
    const [id] = invocation.words;
    if (id === undefined) return list(invocation);
    const entry = await adminJson<unknown>(invocation, 'GET', `/api/journal/${encodeURIComponent(id)}`);
    invocation.print(JSON.stringify(entry, null, 2));
    return 0;
  },
};

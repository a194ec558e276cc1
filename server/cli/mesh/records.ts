/** `spine-sim mesh mailbox` and `mesh workflow`: who there is and who may send what, by the admin API, while it runs. */
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, VerbError } from '../verb.ts';

type Fields = Record<string, unknown>;

interface Kind {
  path: string;
  /** Flag to the member that it sets, and how its text is read. */
  flags: Record<string, [member: string, read: (text: string, flag: string) => unknown]>;
  /** What a new one has unless a flag says otherwise. */
  fresh(id: string): Fields;
  line(fields: Fields): string;
}

const text = (value: string) => value;
const ids = (value: string) => value.split(/[\s,]+/).filter((id) => id !== '');

function yesOrNo(value: string, flag: string): boolean {
  if (value !== 'yes' && value !== 'no') throw new UsageError(`--${flag} is yes or no, not "${value}"`);
  return value === 'yes';
}

export const MAILBOXES: Kind = {
  path: '/api/world/mailboxes',
  flags: {
    name: ['name', text],
    password: ['password', text],
    ods: ['ods', text],
    organisation: ['organisationName', text],
    billing: ['billingEntity', text],
    active: ['active', yesOrNo],
  },
  fresh: (id) => ({ name: id, password: 'password' }),
  line: ({ id, ods, name, active }) => `${id} ${ods} ${name}${active === false ? ' (not active)' : ''}`,
};

export const WORKFLOWS: Kind = {
  path: '/api/world/workflows',
  flags: { senders: ['senders', ids], receivers: ['receivers', ids], restricted: ['restricted', yesOrNo] },
  fresh: () => ({}),
  line: ({ id, senders, receivers, restricted }) =>
    `${id} ${[senders].flat().join(',')} > ${[receivers].flat().join(',')}${restricted ? ' (restricted)' : ''}`,
};

/** Flags that `set` takes. */
export const RECORD_FLAGS: readonly string[] = [MAILBOXES, WORKFLOWS].flatMap(({ flags }) => Object.keys(flags));

export async function record(invocation: Invocation, kind: Kind, action: string, wanted?: string): Promise<number> {
  if (action === 'list' && wanted === undefined) return list(invocation, kind);
  if (wanted !== undefined && action === 'set') return set(invocation, kind, wanted);
  if (wanted !== undefined && action === 'remove') {
    await adminJson(invocation, 'DELETE', `${kind.path}/${encodeURIComponent(wanted)}`);
    invocation.print(`${wanted} is removed`);
    return 0;
  }
  throw new UsageError('use: list, set <id> or remove <id>');
}

async function list(invocation: Invocation, { path, line }: Kind): Promise<number> {
  const found: Fields[] = [];
  for (let after = ''; ; after = String(found.at(-1)!.id)) {
    const page = await adminJson<Fields[]>(
      invocation,
      'GET',
      after ? `${path}?after=${encodeURIComponent(after)}` : path,
    );
    found.push(...page);
    if (page.length === 0) break;
  }
  if (invocation.flags.json) invocation.print(JSON.stringify(found, null, 2));
  else for (const fields of found) invocation.print(line(fields));
  return 0;
}

/** Adds the record, or changes what the flags name. */
async function set(invocation: Invocation, { path, flags, fresh, line }: Kind, id: string): Promise<number> {
  const at = `${path}/${encodeURIComponent(id)}`;
  const known = await adminJson<Fields>(invocation, 'GET', at).catch((error: Error) => {
    if (error instanceof VerbError && error.message.includes(': 404 ')) return undefined;
    throw error;
  });
  const given = Object.entries(flags).flatMap(([flag, [member, read]]) => {
    const value = textFlag(invocation, flag);
    return value === undefined ? [] : [[member, read(value, flag)] as const];
  });
  const fields = { ...(known ?? fresh(id)), id, ...Object.fromEntries(given) };
  const kept = await adminJson<Fields>(invocation, 'PUT', at, fields);
  invocation.print(invocation.flags.json ? JSON.stringify(kept, null, 2) : line({ ...fields, ...kept }));
  return 0;
}

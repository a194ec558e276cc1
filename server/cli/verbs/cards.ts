/** `spine-sim cards`: the smartcards of the running simulator. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb } from '../verb.ts';

interface CardView {
  id: string;
  uid: string;
  series: number;
  status: string;
  passcode: string;
  blockedBy?: string;
  notAfter?: string;
}

interface FilesView {
  pkcs12Password: string;
  files: { name: string; secret: boolean; content: string }[];
}

const CHANGES = ['revoke', 'expire', 'lock', 'unlock', 'renew'];

async function list(invocation: Invocation): Promise<number> {
  const cards = await adminJson<CardView[]>(invocation, 'GET', '/api/cards');
  if (invocation.flags.json) invocation.print(JSON.stringify(cards, null, 2));
  else for (const card of cards) invocation.print(line(card));
  return 0;
}

function line({ id, uid, series, status, blockedBy }: CardView): string {
  const blocked = blockedBy === undefined ? '' : `  blocked by the dated rule ${blockedBy}`;
  return `${id.padEnd(14)}  user ${uid}  series ${series}  ${status}${blocked}`;
}

/** `--name "Given Family"`: the last word is the family name. */
function newUser(invocation: Invocation, name: string): object {
  const words = name.trim().split(/\s+/);
  const ods = textFlag(invocation, 'ods');
  if (words.length < 2 || ods === undefined) {
    throw new UsageError('a new user needs --name "<given> <family>" and --ods <code>');
  }
  const role = { jobRole: textFlag(invocation, 'job-role'), jobRoleCode: textFlag(invocation, 'job-role-code') };
  return {
    givenName: words.slice(0, -1).join(' '),
    familyName: words.at(-1),
    title: textFlag(invocation, 'title'),
    ods,
    ...role,
  };
}

async function make(invocation: Invocation): Promise<number> {
  const name = textFlag(invocation, 'name');
  const series = textFlag(invocation, 'series');
  const body = {
    user: textFlag(invocation, 'user'),
    newUser: name === undefined ? undefined : newUser(invocation, name),
    series: series === undefined ? undefined : Number(series),
    id: textFlag(invocation, 'id'),
    passcode: textFlag(invocation, 'passcode'),
  };
  const card = await adminJson<CardView>(invocation, 'POST', '/api/cards', body);
  invocation.print(line(card));
  return 0;
}

/** Writes the files of a card; what holds the key is for its owner's eyes. */
async function exported(invocation: Invocation, id: string): Promise<number> {
  const path = `/api/cards/${encodeURIComponent(id)}/files`;
  const { files, pkcs12Password } = await adminJson<FilesView>(invocation, 'GET', path);
  const folder = textFlag(invocation, 'out') ?? '.';
  mkdirSync(folder, { recursive: true });
  for (const { name, secret, content } of files) {
    const file = join(folder, name);
    const mode = name.endsWith('.sh') ? 0o700 : secret ? 0o600 : 0o644;
    writeFileSync(file, Buffer.from(content, 'base64'), { mode });
    invocation.print(file);
  }
  invocation.complain(`the password of the PKCS#12 file is "${pkcs12Password}"; the script puts the card into SoftHSM`);
  return 0;
}

export const cards: Verb = {
  name: 'cards',
  usage:
    'cards list [--json] | cards make --user <uid> [--series <n>] | cards make --name "<given> <family>" --ods <code> | cards export <id> [--out <folder>] | cards revoke|expire|lock|unlock|renew <id>',
  summary: 'list and make smartcards (also --id, --passcode), write key, PKCS#12 and SoftHSM files, change their state',
  async run(invocation) {
    const [action = 'list', id] = invocation.words;
    if (action === 'list') return list(invocation);
    if (action === 'make') return make(invocation);
    if (id === undefined) throw new UsageError(`use: spine-sim ${cards.usage}`);
    if (action === 'export') return exported(invocation, id);
    if (!CHANGES.includes(action)) throw new UsageError(`use: spine-sim ${cards.usage}`);
    const body = action === 'revoke' ? { reason: textFlag(invocation, 'reason') } : {};
    const path = `/api/cards/${encodeURIComponent(id)}/${action}`;
    invocation.print(line(await adminJson<CardView>(invocation, 'POST', path, body)));
    return 0;
  },
};

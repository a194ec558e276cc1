/** `spine-sim endpoints`: register a supplier's system with the running simulator; list, export, import, remove. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fullInteraction } from '../../core/world/formats.ts';
import { YamlDocument } from '../../core/yaml/document.ts';
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

interface HandlerView {
  cpaId: string;
  service: string;
  interaction: string;
  endpoint: string;
}

interface SystemView {
  asid: string;
  ods: string;
  fqdn?: string;
  interactions: string[];
  product?: { name: string; version: string };
}

interface PartyView {
  partyKey: string;
  ods: string[];
  systems: SystemView[];
  handlers: HandlerView[];
}

interface RegisteredView {
  asid: string;
  partyKey: string;
  ods: string;
  again: boolean;
  system: SystemView;
  handlers: HandlerView[];
  mailbox?: { id: string; password: string };
  sends: string[];
  answers: string[];
  removed: string[];
  warnings: { path: string; message: string; suggestion?: string }[];
}

interface ImportView {
  organisations: number;
  systems: number;
  handlers: number;
  passedOver: number;
  refused: { line: number; dn: string; message: string }[];
  warnings: { line: number; message: string }[];
}

const short = (name: string) => name.replace(fullInteraction(''), '');

const listFlag = (invocation: Invocation, name: string): string[] | undefined =>
  textFlag(invocation, name)
    ?.split(/[,\s]+/)
    .filter((word) => word !== '');

/** `--product "Name"` and `--product-version 2`. */
function productOf(invocation: Invocation) {
  const name = textFlag(invocation, 'product');
  const version = textFlag(invocation, 'product-version');
  if (name === undefined && version !== undefined) throw new UsageError('--product-version needs --product <name>');
  return name === undefined ? undefined : { name, version };
}

/** `--mailbox` alone, or with an id. */
function mailboxOf(invocation: Invocation) {
  const { mailbox } = invocation.flags;
  const workflows = listFlag(invocation, 'workflows');
  if (mailbox === undefined && workflows === undefined) return undefined;
  return { id: typeof mailbox === 'string' ? mailbox : undefined, workflows };
}

function fromFlags(invocation: Invocation): object {
  const ods = textFlag(invocation, 'ods');
  if (ods === undefined)
    throw new UsageError(`a registration needs --ods <code>, or --file; use: spine-sim ${endpoints.usage}`);
  const organisation = textFlag(invocation, 'organisation');
  return {
    ods,
    organisation: organisation === undefined ? undefined : { name: organisation.toUpperCase() },
    product: productOf(invocation),
    manufacturer: textFlag(invocation, 'manufacturer'),
    interactions: listFlag(invocation, 'interactions'),
    sends: listFlag(invocation, 'sends'),
    receives: listFlag(invocation, 'receives'),
    url: textFlag(invocation, 'url'),
    fqdn: textFlag(invocation, 'fqdn'),
    asid: textFlag(invocation, 'asid'),
    partyKey: textFlag(invocation, 'party-key'),
    mailbox: mailboxOf(invocation),
  };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`can't read ${file}: ${(error as Error).message}`);
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One registration, a list of them, or a file of `stubs/world` with `endpoints`. */
function fromFile(file: string): unknown[] {
  const document = new YamlDocument(file, contentOf(file));
  const value = document.problems.length === 0 ? document.value() : undefined;
  const [problem] = document.problems;
  if (problem) throw new VerbError(`${file}:${problem.line}:${problem.column}: ${problem.message}`);
  const found = isMapping(value) && 'endpoints' in value ? value.endpoints : value;
  const wishes = Array.isArray(found) ? found : [found];
  if (wishes.length === 0 || !wishes.every(isMapping)) {
    throw new VerbError(
      `${file} holds no registration: write "- ods: Z99903" and what else is known below "endpoints:"`,
    );
  }
  return wishes;
}

async function register(invocation: Invocation): Promise<number> {
  const file = textFlag(invocation, 'file');
  const wishes = file === undefined ? [fromFlags(invocation)] : fromFile(file);
  const path = `/api/endpoints${invocation.flags.check ? '?check=true' : ''}`;
  const done: RegisteredView[] = [];
  for (const wish of wishes) {
    const answer = await adminJson<RegisteredView>(invocation, 'POST', path, wish);
    done.push(answer);
    for (const { path: place, message, suggestion } of answer.warnings) {
      invocation.complain(`warning: ${place}: ${message}${suggestion ? ` (${suggestion})` : ''}`);
    }
    if (!invocation.flags.json) showRegistered(invocation, answer);
  }
  if (invocation.flags.json) invocation.print(JSON.stringify(done.length === 1 ? done[0] : done, null, 2));
  return 0;
}

function showRegistered(invocation: Invocation, registered: RegisteredView): void {
  const { asid, partyKey, ods, again, system, handlers, mailbox, sends, answers, removed } = registered;
  const what = invocation.flags.check ? 'would be registered' : again ? 'registered again' : 'registered';
  invocation.print(`${system.product?.name} of ${ods} ${what}`);
  invocation.print(`  ASID       ${asid}`);
  invocation.print(`  party key  ${partyKey}`);
  if (system.fqdn) invocation.print(`  FQDN       ${system.fqdn}   (npx spine-sim certs issue ${system.fqdn})`);
  if (mailbox) invocation.print(`  mailbox    ${mailbox.id}   password ${mailbox.password}`);
  for (const name of sends) invocation.print(`  sends      ${short(name)}`);
  for (const url of new Set(handlers.map(({ endpoint }) => endpoint))) {
    invocation.print(`  receives at ${url}`);
    for (const { service, interaction, cpaId } of handlers.filter(({ endpoint }) => endpoint === url)) {
      const name = `${service}:${interaction}`;
      const why = answers.includes(name) ? '   what Spine answers with' : '';
      invocation.print(`             ${short(name)}   CPA id ${cpaId}${why}`);
    }
  }
  if (removed.length > 0) invocation.print(`  ${removed.length} contracts of the earlier registration are gone`);
}

async function list(invocation: Invocation): Promise<number> {
  const query = new URLSearchParams();
  if (invocation.flags.all) query.set('spine', 'true');
  const ods = textFlag(invocation, 'ods');
  if (ods !== undefined) query.set('ods', ods);
  const parties = await adminJson<PartyView[]>(invocation, 'GET', `/api/endpoints?${query}`);
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(parties, null, 2));
    return 0;
  }
  for (const { partyKey, ods: codes, systems, handlers } of parties) {
    const addresses = [...new Set(handlers.map(({ endpoint }) => URL.parse(endpoint)?.host ?? endpoint))];
    const names = systems.map(({ asid, product }) => `${asid} ${product?.name ?? ''}`.trim());
    const received = handlers.length === 0 ? '' : `, receives ${handlers.length} at ${addresses.join(', ')}`;
    const listed = systems.reduce((count, { interactions }) => count + interactions.length, 0);
    invocation.print(
      `${partyKey.padEnd(16)} ${codes.join(' ').padEnd(9)} ${names.join('; ')}  lists ${listed}${received}`,
    );
  }
  return 0;
}

async function exported(invocation: Invocation, id: string | undefined): Promise<number> {
  const format = textFlag(invocation, 'format') ?? 'yaml';
  if (format !== 'yaml' && format !== 'ldif') throw new UsageError('--format is yaml or ldif');
  const place = id === undefined ? '' : `/${encodeURIComponent(id)}`;
  const spine = id === undefined && invocation.flags.all ? '&spine=true' : '';
  const answer = await callAdmin(invocation, 'GET', `/api/endpoints${place}?format=${format}${spine}`);
  if (answer.status !== 200) throw new VerbError((answer.body as { message: string }).message);
  const file = textFlag(invocation, 'out');
  if (file === undefined) invocation.print(answer.text.trimEnd());
  else {
    writeFileSync(file, answer.text);
    invocation.complain(file);
  }
  return 0;
}

async function imported(invocation: Invocation, file: string): Promise<number> {
  const done = await adminJson<ImportView>(invocation, 'POST', '/api/endpoints/import', { ldif: contentOf(file) });
  for (const { line, message } of done.warnings) invocation.complain(`${file}:${line}: warning: ${message}`);
  for (const { line, dn, message } of done.refused) invocation.complain(`${file}:${line}: refused: ${dn}: ${message}`);
  const { systems, handlers, organisations, passedOver } = done;
  invocation.print(
    `taken: systems ${systems}, message handlers ${handlers}, organisations ${organisations}; refused: ${done.refused.length}; of other kinds, passed over: ${passedOver}`,
  );
  return done.refused.length === 0 ? 0 : 1;
}

async function remove(invocation: Invocation, id: string): Promise<number> {
  await adminJson(invocation, 'DELETE', `/api/endpoints/${encodeURIComponent(id)}`);
  invocation.print(`${id} is removed`);
  return 0;
}

export const endpoints: Verb = {
  name: 'endpoints',
  usage:
    'endpoints register --ods <code> --interactions <names> [--url <url>] [--product <name>] [--organisation <name>] [--mailbox] [--check] | endpoints register --file <yaml> | endpoints list [--ods <code>] [--all] [--json] | endpoints export [<party key or ASID>] [--format yaml|ldif] [--out <file>] | endpoints import <file.ldif> | endpoints remove <party key or ASID>',
  summary:
    'register a system: ASID, party key, CPA ids and directory entries (also --fqdn, --sends, --receives, --asid, --party-key, --manufacturer, --product-version, --workflows)',
  flags: [
    ...['ods', 'interactions', 'sends', 'receives', 'url', 'fqdn', 'asid', 'party-key', 'manufacturer', 'product'],
    ...['product-version', 'organisation', 'mailbox', 'workflows', 'file', 'check', 'json', 'all', 'format', 'out'],
  ],
  words: 2,
  async run(invocation) {
    const [action = 'list', subject] = invocation.words;
    if (action === 'list') return list(invocation);
    if (action === 'register') return register(invocation);
    if (action === 'export') return exported(invocation, subject);
    if (subject !== undefined && action === 'import') return imported(invocation, subject);
    if (subject !== undefined && action === 'remove') return remove(invocation, subject);
    throw new UsageError(`use: spine-sim ${endpoints.usage}`);
  },
};

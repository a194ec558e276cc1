/** Finds the verb and runs it. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isUserError } from '../userErrors.ts';
import { type Invocation, UsageError, type Verb, VerbError } from './verb.ts';
import { VERBS } from './verbs.ts';

/** Flags that take no value. */
const SWITCHES = new Set(['help', 'json', 'all', 'once', 'version', 'server', 'direct', 'check', 'informal', 'again']);

/** Flags of every verb: where the simulator is, and which space is meant. */
const COMMON_FLAGS = ['admin', 'admin-port', 'admin-token', 'space'];

/** Splits arguments into words and flags: `--name value`, `--name=value`, `--switch`. */
export function parseArguments(argv: string[]): Pick<Invocation, 'words' | 'flags'> {
  const words: string[] = [];
  const flags: Invocation['flags'] = {};
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at]!;
    if (!argument.startsWith('--')) {
      words.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument.slice(2) : argument.slice(2, equals);
    const next = argv[at + 1];
    if (equals >= 0) flags[name] = argument.slice(equals + 1);
    else if (SWITCHES.has(name) || next === undefined || next.startsWith('--')) flags[name] = true;
    else {
      flags[name] = next;
      at++;
    }
  }
  return { words, flags };
}

export function helpText(verbs: readonly Verb[]): string {
  return [
    "spine-sim: a local simulator of NHS England's Spine and Care Identity Service (not an NHS product; invented data only)",
    '',
    ...verbs.flatMap(({ name, usage, summary }) => [
      `  spine-sim ${usage.replaceAll(` | ${name} `, `\n  spine-sim ${name} `)}`,
      `      ${summary}`,
    ]),
    '',
    'Verbs that ask a running simulator take --admin <url>, --space <name> and --admin-token <token>.',
  ].join('\n');
}

function versionText(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/** A flag that was mistyped must not be taken for one that was not given: `reset --spce a` would reset every space. */
function refuseUnknown(verb: Verb, words: string[], flags: Invocation['flags']): void {
  const known = [...COMMON_FLAGS, ...(verb.flags ?? [])];
  const unknown = Object.keys(flags).find((flag) => !known.includes(flag));
  if (verb.flags && unknown !== undefined) {
    throw new UsageError(`there is no --${unknown}; it takes ${known.map((flag) => `--${flag}`).join(', ')}`);
  }
  if (verb.words !== undefined && words.length > verb.words) {
    throw new UsageError(`"${words[verb.words]}" is one word too many; use: spine-sim ${verb.usage}`);
  }
}

/** Where a command writes to: standard output and standard error, unless a test listens. */
export type Output = Pick<Invocation, 'print' | 'complain'>;

const CONSOLE: Output = { print: (line) => console.log(line), complain: (line) => console.error(line) };

/** Runs one command line. Returns the exit code: 0 done, 1 could not be done, 2 used wrongly. */
export async function run(argv: string[], { print, complain }: Output = CONSOLE): Promise<number> {
  const { words, flags } = parseArguments(argv);
  const [name, ...rest] = words;
  if (flags.version) {
    print(versionText());
    return 0;
  }
  if (name === undefined || name === 'help' || name === '-h' || flags.help) {
    const wanted = VERBS.filter((candidate) => candidate.name === (name === 'help' ? rest[0] : name));
    print(helpText(wanted.length > 0 ? wanted : VERBS));
    return name === undefined && !flags.help ? 2 : 0;
  }
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (!verb) {
    const names = VERBS.map((candidate) => candidate.name).join(', ');
    complain(`spine-sim: there is no verb "${name}"; there are ${names}, and "spine-sim help" explains them`);
    return 2;
  }
  try {
    refuseUnknown(verb, rest, flags);
    return await verb.run({ words: rest, flags, print, complain });
  } catch (error) {
    const usage = error instanceof UsageError;
    if (!usage && !(error instanceof VerbError) && !isUserError(error)) throw error;
    complain(`spine-sim ${name}: ${error.message}`);
    return usage ? 2 : 1;
  }
}

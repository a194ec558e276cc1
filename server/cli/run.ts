/** Finds the verb and runs it. */
import { ConfigError } from '../config/load.ts';
import { type Invocation, UsageError, type Verb } from './verb.ts';
import { VERBS } from './verbs.ts';

/** Flags that take no value. */
const SWITCHES = new Set(['help', 'json', 'all', 'version', 'server']);

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

/** Runs one command line. Returns the exit code; 2 for a wrong use. */
export async function run(argv: string[]): Promise<number> {
  const { words, flags } = parseArguments(argv);
  const [name, ...rest] = words;
  if (name === undefined || name === 'help' || flags.help) {
    console.log(helpText(VERBS));
    return name === undefined && !flags.help ? 2 : 0;
  }
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (!verb) {
    console.error(`spine-sim: there is no verb "${name}"\n\n${helpText(VERBS)}`);
    return 2;
  }
  try {
    return await verb.run({
      words: rest,
      flags,
      print: (line) => console.log(line),
      complain: (line) => console.error(line),
    });
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError)) throw error;
    console.error(`spine-sim ${name}: ${error.message}`);
    return 2;
  }
}

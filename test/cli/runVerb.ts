/** Runs verbs of the command line against an environment of the test's own process. */
import type { Invocation, Verb } from '../../server/cli/verb.ts';
import type { Spine } from '../helper.ts';

export interface VerbRun {
  code: number;
  /** Lines of standard output. */
  out: string[];
  /** Lines of standard error. */
  errors: string[];
}

export async function runVerb(
  spine: Spine,
  verb: Verb,
  words: string[],
  flags: Invocation['flags'] = {},
): Promise<VerbRun> {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await verb.run({
    words,
    flags: { admin: `http://127.0.0.1:${spine.environment.ports.admin}`, ...flags },
    print: (line) => out.push(line),
    complain: (line) => errors.push(line),
  });
  return { code, out, errors };
}

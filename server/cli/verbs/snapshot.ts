/** `spine-sim snapshot`: the whole environment, or one space, to a file and back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { adminJson, adminText } from '../adminClient.ts';
import { UsageError, type Verb, VerbError } from '../verb.ts';

const WHOLE = '/api/snapshot/environment';
const ONE = '/api/snapshot';

function read(file: string): { format?: string } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { format?: string };
  } catch (error) {
    throw new VerbError(`${file} can't be read as a snapshot: ${(error as Error).message}`);
  }
}

export const snapshot: Verb = {
  name: 'snapshot',
  usage: 'snapshot save <file> | snapshot restore <file> [--space <name>]',
  summary: 'save all spaces, or with --space one, to a file; put a file in their place',
  flags: [],
  words: 2,
  async run(invocation) {
    const [action, file] = invocation.words;
    if (file === undefined || (action !== 'save' && action !== 'restore')) {
      throw new UsageError(`use: spine-sim ${snapshot.usage}`);
    }
    const one = invocation.flags.space !== undefined;
    if (action === 'save') {
      // Messages and patients of the environment: nobody else's business.
      writeFileSync(file, await adminText(invocation, 'GET', one ? ONE : WHOLE), { mode: 0o600 });
      invocation.print(`saved to ${file}`);
      return 0;
    }
    const saved = read(file);
    const whole = saved.format === 'spine-sim-environment';
    if (whole && one) throw new VerbError(`${file} holds a whole environment: leave --space out`);
    await adminJson(invocation, 'PUT', whole ? WHOLE : ONE, saved);
    invocation.print(`restored from ${file}`);
    return 0;
  },
};

/** `spine-sim reset`: all spaces, or one, as at the start. */
import { adminJson } from '../adminClient.ts';
import type { Verb } from '../verb.ts';

export const reset: Verb = {
  name: 'reset',
  usage: 'reset [--space <name>]',
  summary: 'forget stored data, journal, rules and clock of all spaces or of one',
  flags: [],
  words: 0,
  async run(invocation) {
    const { spaces } = await adminJson<{ spaces: string[] }>(invocation, 'POST', '/api/reset', {});
    invocation.print(`reset: ${spaces.join(', ')}`);
    return 0;
  },
};

/** `spine-sim clock`: read, set, advance, freeze simulated time. */
import { adminJson } from '../adminClient.ts';
import { UsageError, type Verb } from '../verb.ts';

function change(words: string[]): object | undefined {
  const [action, value] = words;
  if (action === undefined) return undefined;
  if (action === 'set' && value) return { now: value };
  if (action === 'advance' && value) return { advance: value };
  if (action === 'freeze') return { frozen: true };
  if (action === 'run') return { frozen: false };
  if (action === 'reset') return { reset: true };
  throw new UsageError(`use: spine-sim ${clock.usage}`);
}

export const clock: Verb = {
  name: 'clock',
  usage: 'clock [set <time> | advance <duration> | freeze | run | reset]',
  summary: 'show or change simulated time: set 2025-05-26, advance PT10H',
  flags: [],
  words: 2,
  async run(invocation) {
    const body = change(invocation.words);
    const state = await adminJson<{ now: string; frozen: boolean }>(
      invocation,
      body ? 'PUT' : 'GET',
      '/api/clock',
      body,
    );
    invocation.print(`${state.now}${state.frozen ? ' (frozen)' : ''}`);
    return 0;
  },
};

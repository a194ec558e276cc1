/** `spine-sim ready`: exit code 0 when the environment is ready; the health check of the image. */
import { setTimeout as sleep } from 'node:timers/promises';
import { callAdmin } from '../adminClient.ts';
import { textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

export const ready: Verb = {
  name: 'ready',
  usage: 'ready [--wait <seconds>]',
  summary: 'exit with 0 when seeded, certificates made and every listener bound; --wait asks again until it is',
  flags: ['wait'],
  words: 0,
  async run(invocation) {
    const seconds = Number(textFlag(invocation, 'wait') ?? 0);
    if (!(seconds >= 0)) throw new UsageError('--wait takes a number of seconds');
    const end = performance.now() + seconds * 1000;
    for (;;) {
      const last = performance.now() >= end;
      const answer = await callAdmin(invocation, 'GET', '/health/ready').catch((error) => {
        if (last || !(error instanceof VerbError)) throw error;
      });
      if (answer && (last || answer.status === 200)) {
        invocation.print(answer.text.trim());
        return answer.status === 200 ? 0 : 1;
      }
      await sleep(250);
    }
  },
};

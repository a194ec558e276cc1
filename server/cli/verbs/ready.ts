/** `spine-sim ready`: exit code 0 when the environment is ready; the health check of the image. */
import { callAdmin } from '../adminClient.ts';
import type { Verb } from '../verb.ts';

export const ready: Verb = {
  name: 'ready',
  usage: 'ready',
  summary: 'exit with 0 when seeded, certificates made and every listener bound',
  flags: [],
  words: 0,
  async run(invocation) {
    const answer = await callAdmin(invocation, 'GET', '/health/ready');
    invocation.print(answer.text.trim());
    return answer.status === 200 ? 0 : 1;
  },
};

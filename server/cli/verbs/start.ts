/** `spine-sim start`: the whole environment in this process. */
import type { Verb } from '../verb.ts';

export const start: Verb = {
  name: 'start',
  usage: 'start [--https-port <port>] [...]',
  summary: 'start the environment; every setting is a flag',
  async run({ flags }) {
    // The other verbs are thin clients: they must not pay for loading the environment.
    const { main } = await import('../../main.ts');
    return main(flags);
  },
};

/** `spine-sim world`: patients in any number for load tests. */
import { setTimeout as wait } from 'node:timers/promises';
import type { PopulationStatus } from '../../core/world/population/population.ts';
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

/** How often the status is asked for while patients are made, in milliseconds. */
const POLL_MS = 500;

async function status(invocation: Invocation): Promise<PopulationStatus> {
  return adminJson<PopulationStatus>(invocation, 'GET', '/api/population');
}

function tell(invocation: Invocation, { patients, seed, asOf }: PopulationStatus): number {
  const made = patients === 0 ? '' : ` (seed ${seed}, as of ${asOf})`;
  invocation.print(`${patients} generated patients${made}, beside those of the files and of each space`);
  return 0;
}

async function generate(invocation: Invocation): Promise<number> {
  const patients = Number(textFlag(invocation, 'patients'));
  if (!Number.isInteger(patients) || patients < 1) throw new UsageError('say how many: --patients 100000');
  const order = { patients, seed: textFlag(invocation, 'seed'), asOf: textFlag(invocation, 'as-of') };
  let now = await adminJson<PopulationStatus>(invocation, 'POST', '/api/population', order);
  for (let told = 0; now.making; now = await status(invocation)) {
    const tenth = Math.floor((10 * now.making.made) / now.making.of);
    if (tenth > told) invocation.complain(`${now.making.made} of ${now.making.of}`);
    told = tenth;
    await wait(POLL_MS);
  }
  if (now.failure !== undefined) throw new VerbError(`no patients were made: ${now.failure}`);
  return tell(invocation, now);
}

export const world: Verb = {
  name: 'world',
  usage: 'world generate --patients <n> [--seed <text>] [--as-of <day>] | world status | world clear',
  summary: 'make patients in any number beneath all spaces, for load; the same seed gives the same ones',
  flags: ['patients', 'seed', 'as-of'],
  words: 1,
  async run(invocation) {
    const [action = 'status'] = invocation.words;
    if (action === 'generate') return generate(invocation);
    if (action === 'clear') await adminJson(invocation, 'DELETE', '/api/population');
    else if (action !== 'status') throw new UsageError(`use: spine-sim ${world.usage}`);
    return tell(invocation, await status(invocation));
  },
};

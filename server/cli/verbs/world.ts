/** `spine-sim world`: seed files into a space that runs; patients in any number for load tests. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ImportedSeed } from '../../core/world/import/importSeed.ts';
import type { PopulationStatus } from '../../core/world/population/population.ts';
import { SANDBOX_FILES } from '../../core/world/seed/sandboxLines.ts';
import { formatProblem } from '../../core/yaml/problem.ts';
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

/** Names of the seed files of a folder, or of the folder `world` in it. */
function seedFiles(folder: string): string[] {
  const own = join(folder, 'world');
  const place = existsSync(own) ? own : folder;
  const names = readdirSync(place).filter((name) => /\.(ya?ml|csv)$/.test(name) || SANDBOX_FILES.includes(name));
  if (names.length === 0)
    throw new VerbError(`${place} holds no seed file: *.yaml, *.csv, ${SANDBOX_FILES.join(', ')}`);
  return names.sort().map((name) => join(place, name));
}

async function load(invocation: Invocation, path: string | undefined): Promise<number> {
  if (path === undefined) throw new UsageError('name a folder or a file: world load my-seed/');
  let files: { file: string; text: string }[];
  try {
    const paths = statSync(path).isDirectory() ? seedFiles(path) : [path];
    files = paths.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  } catch (error) {
    throw error instanceof VerbError ? error : new VerbError((error as Error).message);
  }
  const check = invocation.flags.check ? '?check=true' : '';
  const { records, warnings } = await adminJson<ImportedSeed>(invocation, 'POST', `/api/seed${check}`, { files });
  for (const warning of warnings) invocation.complain(formatProblem(warning));
  const told = Object.entries(records).map(([kind, count]) => `${kind}: ${count}`);
  invocation.print(`${check ? 'would load' : 'loaded'} ${told.join(', ') || 'nothing'}`);
  return 0;
}

export const world: Verb = {
  name: 'world',
  usage:
    'world load <folder or file> [--check] | world generate --patients <n> [--seed <text>] [--as-of <day>] | world status | world clear',
  summary: 'take seed files into a space while it runs; make patients in any number beneath all spaces, for load',
  flags: ['patients', 'seed', 'as-of', 'check'],
  words: 2,
  async run(invocation) {
    const [action = 'status', path] = invocation.words;
    if (action === 'load') return load(invocation, path);
    if (action === 'generate') return generate(invocation);
    if (action === 'clear') await adminJson(invocation, 'DELETE', '/api/population');
    else if (action !== 'status') throw new UsageError(`use: spine-sim ${world.usage}`);
    return tell(invocation, await status(invocation));
  },
};

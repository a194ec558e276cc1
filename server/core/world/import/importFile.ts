/** A file of patients taken into one space: everything is checked first, and a file with a fault changes nothing. */
import { type Problem, ProblemsError } from '../../yaml/problem.ts';
import { type Finding, warning } from '../check/finding.ts';
import { KIND_NAMES } from '../kinds.ts';
import { readSeedText } from '../seed/load.ts';
import type { Patient } from '../types.ts';
import type { World } from '../world.ts';

/** What a space changed is kept in memory; a file for everybody belongs into the folder of the seed. */
export const MAX_IMPORTED = 20_000;

export interface Imported {
  added: number;
  replaced: number;
  warnings: Problem[];
}

/** What may be so, and is more often a mistake. */
function* doubts({ organisations }: World, { gp, dateOfBirth }: Patient, today: string): Generator<Finding> {
  if (gp && !organisations.get(gp.ods)) yield warning(['gp', 'ods'], `the world has no organisation ${gp.ods}`);
  const now = today.replaceAll('-', '');
  if (dateOfBirth !== undefined && dateOfBirth.slice(0, now.length) > now) {
    yield warning(['dateOfBirth'], `${dateOfBirth} is in the future`);
  }
}

/** `file` (its ending says CSV or YAML) is only named in problems; `today` is `YYYY-MM-DD`. Throws ProblemsError. */
export async function importPatients(world: World, file: string, text: string, today: string): Promise<Imported> {
  const seed = readSeedText(file, text, { schema: world.schema, today, mostPatients: MAX_IMPORTED });
  const { document, origin, content } = seed;
  const problems: Problem[] = [...seed.problems];
  const patients = content.patients ?? [];
  const others = [...KIND_NAMES, 'parties'].filter((kind) => kind !== 'patients' && kind in content);
  for (const kind of others) {
    problems.push(
      document.problem([kind], `${kind} can't be imported`, { suggestion: 'put the file into stubs/world' }),
    );
  }
  if (patients.length > MAX_IMPORTED) {
    const suggestion = 'put the file into stubs/world, or make patients with "spine-sim world generate"';
    problems.push(
      document.problem(['patients'], `there are ${patients.length} patients; ${MAX_IMPORTED} are the most`, {
        suggestion,
      }),
    );
  }
  const rows = new Map<string, number>();
  for (const [index, patient] of problems.length === 0 ? patients.entries() : []) {
    const path = ['patients', index];
    const first = rows.get(patient.nhsNumber);
    if (first !== undefined) {
      const { line } = document.problem(origin(['patients', first, 'nhsNumber']), '');
      problems.push(
        document.problem(origin([...path, 'nhsNumber']), `${patient.nhsNumber} is there already, in line ${line}`),
      );
    }
    rows.set(patient.nhsNumber, index);
    const findings = [...world.findings('patients', patient), ...doubts(world, patient, today)];
    for (const { path: within, message, severity, suggestion } of findings) {
      problems.push({ ...document.problem(origin([...path, ...within]), message, { suggestion }), severity });
    }
  }
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProblemsError(`${file} has faults, nothing was changed:`, errors);
  for (const [index, { supersededBy }] of patients.entries()) {
    if (supersededBy === undefined || rows.has(supersededBy) || (await world.patients.get(supersededBy))) continue;
    const place = origin(['patients', index, 'supersededBy']);
    problems.push({ ...document.problem(place, `nobody has the number ${supersededBy}`), severity: 'warning' });
  }
  let replaced = 0;
  for (const { nhsNumber } of patients) if (await world.patients.get(nhsNumber)) replaced++;
  await world.putAll(patients.map((value) => ({ kind: 'patients', value }) as const));
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return { added: patients.length - replaced, replaced, warnings };
}

/** Seed files taken into one space while it runs: all of them are checked together first, and a fault anywhere changes nothing. */
import { basename } from 'node:path';
import type { Path } from '../../yaml/document.ts';
import { type Problem, ProblemsError } from '../../yaml/problem.ts';
import { recordsOf as endpointRecords, type WorldRecord } from '../endpoints/endpoints.ts';
import { planEndpoint } from '../endpoints/plan.ts';
import { KIND_NAMES, KINDS, type KindRules } from '../kinds.ts';
import type { SeedFile } from '../seed/collect.ts';
import { readSeedText } from '../seed/load.ts';
import { recordsOf as partyRecords } from '../seed/parties.ts';
import { SANDBOX_FILES, seedOfLines } from '../seed/sandboxLines.ts';
import type { WorldKind } from '../types.ts';
import type { World } from '../world.ts';
import { MAX_IMPORTED } from './importFile.ts';

export interface SeedText {
  /** Name with its ending: `.csv` for patients in rows, `mailboxes.jsonl` and `workflows.jsonl` as the sandbox has them, else YAML. */
  file: string;
  text: string;
}

export interface ImportedSeed {
  /** How many records of each kind were added or replaced. */
  records: Partial<Record<WorldKind, number>>;
  warnings: Problem[];
}

/** A record to be put, and where it was written. */
interface Placed extends WorldRecord {
  file: SeedFile;
  path: Path;
  /** Which record it is, where more than one came of what was written. */
  detail: string | undefined;
}

export interface ImportOptions {
  /** `YYYY-MM-DD`: what relative dates count from. */
  today: string;
  space: string;
  /** Only say what would be. */
  check?: boolean;
}

/** Records of the same id are replaced, all others stay. Throws ProblemsError. */
export async function importSeed(
  world: World,
  texts: readonly SeedText[],
  options: ImportOptions,
): Promise<ImportedSeed> {
  const files = texts.map(({ file, text }) => {
    const yaml = SANDBOX_FILES.includes(basename(file)) ? seedOfLines(basename(file), text) : text;
    return readSeedText(file, yaml, { schema: world.schema, today: options.today });
  });
  // Not by push(...): a list of tens of thousands of faults is more than a call can have arguments.
  const problems: Problem[] = files.flatMap((file) => file.problems);
  const placed = collect(world, files, problems);
  if (placed.length > MAX_IMPORTED) {
    const message = `there are ${placed.length} records; ${MAX_IMPORTED} are the most`;
    problems.push(files[0]!.document.problem([], message, { suggestion: 'put them into stubs/world' }));
  }
  refuse(problems);
  placeEndpoints(world, files, placed, problems, options.space);
  const findings = world.asIf(placed, () =>
    placed.flatMap((record) =>
      record.value === null
        ? []
        : world.findings(record.kind, record.value as never).map((found) => ({ record, found })),
    ),
  );
  for (const { record, found } of findings) {
    const at = record.detail === undefined ? [...record.path, ...found.path] : record.path;
    const message = record.detail === undefined ? found.message : `${record.detail}: ${found.message}`;
    problems.push({ ...record.file.document.problem(at, message, found), severity: found.severity });
  }
  refuse(problems);
  if (!options.check) await world.putAll(placed);
  const records: ImportedSeed['records'] = {};
  for (const { kind, value } of placed) if (value !== null) records[kind] = (records[kind] ?? 0) + 1;
  return { records, warnings: problems };
}

function refuse(problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProblemsError('The files have faults, nothing was changed:', errors);
}

/** Records and parties, each id once. */
function collect(world: World, files: readonly SeedFile[], problems: Problem[]): Placed[] {
  const known = new Map<string, Placed>();
  const add = (kind: WorldKind, value: unknown, file: SeedFile, path: Path, detail?: string) => {
    const id = (KINDS[kind] as KindRules<unknown>).idOf(value);
    const before = known.get(`${kind} ${id}`);
    if (before) {
      const first = before.file.document.problem(before.path, '');
      problems.push(file.document.problem(path, `${kind} "${id}" is there already: ${first.file}:${first.line}`));
    } else known.set(`${kind} ${id}`, { kind, id, value, file, path, detail } as Placed);
  };
  const patterns = Object.assign({}, world.patterns, ...files.map(({ content }) => content.patterns ?? {}));
  for (const file of files) {
    for (const kind of KIND_NAMES) {
      for (const [index, value] of (file.content[kind] ?? []).entries()) {
        if (!file.faulty.has(`${kind}/${index}`)) add(kind, value, file, file.origin([kind, index]));
      }
    }
    for (const [index, party] of (file.content.parties ?? []).entries()) {
      if (file.faulty.has(`parties/${index}`)) continue;
      const at = (path: Path) => file.origin(['parties', index, ...path]);
      const records = partyRecords(party, patterns);
      for (const fault of records.faults) problems.push(file.document.problem(at(fault.path), fault.message, fault));
      for (const { path, value } of records.systems) add('systems', value, file, at(path), value.asid);
      for (const { path, value } of records.handlers) {
        add('handlers', value, file, at(path), `${value.interaction} (${value.cpaId})`);
      }
    }
  }
  return [...known.values()];
}

/** Registrations come last, one after the other: each is planned with all before it in place. */
function placeEndpoints(
  world: World,
  files: readonly SeedFile[],
  placed: Placed[],
  problems: Problem[],
  space: string,
): void {
  for (const file of files) {
    for (const [index, wish] of (file.content.endpoints ?? []).entries()) {
      if (file.faulty.has(`endpoints/${index}`)) continue;
      const at = (path: Path) => file.origin(['endpoints', index, ...path]);
      const plan = world.asIf(placed, () => planEndpoint(wish, { tables: world, space, at: undefined }));
      for (const { path, severity, message, suggestion } of plan.findings) {
        problems.push({ ...file.document.problem(at(path), message, { suggestion }), severity });
      }
      const gone = plan.obsolete.map((id): WorldRecord => ({ kind: 'handlers', id, value: null }));
      for (const record of [...gone, ...endpointRecords(plan)]) {
        const before = placed.findIndex(({ kind, id }) => kind === record.kind && id === record.id);
        // A registration may say more of what a file has: the organisation, a workflow.
        if (before >= 0) placed.splice(before, 1);
        placed.push({ ...record, file, path: at([]), detail: record.id });
      }
    }
  }
}

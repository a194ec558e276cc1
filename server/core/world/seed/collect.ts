/** Puts the records of all seed files together and checks what must hold between them. */

import { DEFAULT_SPACE } from '../../space/space.ts';
import type { Path, YamlDocument } from '../../yaml/document.ts';
import type { Problem } from '../../yaml/problem.ts';
import type { JsonSchema } from '../../yaml/schema.ts';
import { checkRecord } from '../check/check.ts';
import type { Finding } from '../check/finding.ts';
import { recordsOf as endpointRecords } from '../endpoints/endpoints.ts';
import { type EndpointWish, planEndpoint } from '../endpoints/plan.ts';
import type { CsvDocument } from '../import/csvDocument.ts';
import { KIND_NAMES, KINDS, type KindRules } from '../kinds.ts';
import { BaseTable } from '../table.ts';
import { type BaseTables, createTables } from '../tables/tables.ts';
import type { Patient, WorldKind, WorldKinds } from '../types.ts';
import { type PartySeed, type Patterns, recordsOf } from './parties.ts';
import { deepFreeze, SeedWorld } from './seedWorld.ts';

/** A seed file, shaped by the schema. */
export type SeedContent = { [K in WorldKind]?: WorldKinds[K][] } & {
  patterns?: Patterns;
  parties?: PartySeed[];
  endpoints?: EndpointWish[];
};

export interface SeedFile {
  document: YamlDocument | CsvDocument;
  /** Number of its folder: a later one replaces records of an earlier one. */
  rank: number;
  /** As written, copies expanded. */
  raw: Record<string, unknown[]>;
  content: SeedContent;
  origin(path: Path): Path;
  /** `<kind>/<index>` of records that break the schema. */
  faulty: Set<string>;
  problems: Problem[];
}

interface Placed {
  value: unknown;
  file: SeedFile;
  /** Path of what was written; empty `detail` where the record itself was written, else what it is in a party. */
  path: Path;
  detail: string | undefined;
}

export interface CollectOptions {
  schema: JsonSchema;
  sharedPartyKeys: boolean;
  today: string;
  /** Faults are added here. */
  problems: Problem[];
}

type PlacedByKind = Record<WorldKind, Map<string, Placed>>;

export function collectSeed(files: readonly SeedFile[], options: CollectOptions): SeedWorld {
  const { problems } = options;
  const placed = Object.fromEntries(KIND_NAMES.map((kind) => [kind, new Map<string, Placed>()])) as PlacedByKind;
  const patterns: Patterns = Object.assign({}, ...files.map((file) => file.content.patterns ?? {}));

  function add(kind: WorldKind, record: Placed): void {
    const id = (KINDS[kind] as KindRules<unknown>).idOf(record.value);
    const before = placed[kind].get(id);
    if (before && before.file.rank === record.file.rank) {
      const first = before.file.document.problem(before.path, '');
      const message = `${kind} "${id}" is there already: ${first.file}:${first.line}`;
      problems.push(record.file.document.problem(record.path, message));
    } else placed[kind].set(id, record);
  }

  for (const file of files) {
    for (const kind of KIND_NAMES) {
      for (const [index, value] of (file.content[kind] ?? []).entries()) {
        if (file.faulty.has(`${kind}/${index}`)) continue;
        add(kind, { value, file, path: file.origin([kind, index]), detail: undefined });
      }
    }
    for (const [index, party] of (file.content.parties ?? []).entries()) {
      if (file.faulty.has(`parties/${index}`)) continue;
      const at = (path: Path) => file.origin(['parties', index, ...path]);
      const records = recordsOf(party, patterns);
      for (const fault of records.faults) problems.push(file.document.problem(at(fault.path), fault.message, fault));
      for (const { path, value } of records.systems)
        add('systems', { value, file, path: at(path), detail: value.asid });
      for (const { path, value } of records.handlers) {
        add('handlers', { value, file, path: at(path), detail: `${value.interaction} (${value.cpaId})` });
      }
    }
  }

  placeEndpoints(files, placed, add, problems);

  const tables = baseTables(placed);
  const patients = [...placed.patients.values()];
  const seed = new SeedWorld({
    schema: options.schema,
    tables,
    patients: patients.map(rawOf),
    today: options.today,
    patterns,
    patientsToday: patients.map(({ value }) => value as Patient),
  });
  for (const problem of checkAll(placed, tables, options.sharedPartyKeys)) problems.push(problem);
  for (const problem of problems) if (problem.severity === 'warning') seed.warnings.push(problem);
  return seed;
}

/** Registrations come last: what others are known to send and receive says how each interaction is received. */
function placeEndpoints(
  files: readonly SeedFile[],
  placed: PlacedByKind,
  add: (kind: WorldKind, record: Placed) => void,
  problems: Problem[],
): void {
  if (!files.some(({ content }) => (content.endpoints ?? []).length > 0)) return;
  const tables = createTables(baseTables(placed));
  const registered = new Map<string, { file: SeedFile; path: Path }>();
  for (const file of files) {
    for (const [index, wish] of (file.content.endpoints ?? []).entries()) {
      if (file.faulty.has(`endpoints/${index}`)) continue;
      const at = (path: Path) => file.origin(['endpoints', index, ...path]);
      const plan = planEndpoint(wish, { tables, space: DEFAULT_SPACE, at: undefined });
      for (const { path, severity, message, suggestion } of plan.findings) {
        problems.push({ ...file.document.problem(at(path), message, { suggestion }), severity });
      }
      const { asid, ods, product } = plan.system;
      const before = registered.get(asid);
      if (before?.file.rank === file.rank) {
        const first = before.file.document.problem(before.path, '');
        const message = `"${product?.name}" of ${ods} (${asid}) is registered already: ${first.file}:${first.line}`;
        problems.push(
          file.document.problem(at([]), message, { suggestion: 'give this one a product name of its own' }),
        );
        continue;
      }
      registered.set(asid, { file, path: at([]) });
      // Its records would breach rules at places that nobody wrote.
      if (plan.findings.some(({ severity }) => severity === 'error')) continue;
      for (const cpaId of plan.obsolete) {
        placed.handlers.delete(cpaId);
        tables.handlers.apply(cpaId, null);
      }
      for (const { kind, id, value } of endpointRecords(plan)) {
        const known = placed[kind].get(id);
        // A file may say more of what a file of the same folder has: the organisation, a workflow.
        if (known && known.file.rank === file.rank) placed[kind].delete(id);
        add(kind, { value, file, path: at([]), detail: id });
        if (kind !== 'patients') tables[kind].apply(id, value as never);
      }
    }
  }
}

function baseTables(placed: PlacedByKind): BaseTables {
  const tables: Partial<Record<WorldKind, unknown>> = {};
  for (const kind of KIND_NAMES) {
    if (kind === 'patients') continue;
    const values = new Map([...placed[kind]].map(([id, { value }]) => [id, deepFreeze(value)]));
    tables[kind] = new BaseTable(KINDS[kind] as KindRules<unknown>, values);
  }
  return tables as BaseTables;
}

/** The record as it was written: patients are read again for the day of each space. */
function rawOf({ file, value }: Placed): unknown {
  const index = file.content.patients!.indexOf(value as Patient);
  return file.raw.patients![index];
}

function checkAll(placed: PlacedByKind, base: BaseTables, sharedPartyKeys: boolean): Problem[] {
  const context = { tables: createTables(base), sharedPartyKeys };
  const problems: Problem[] = [];
  for (const kind of KIND_NAMES) {
    for (const record of placed[kind].values()) {
      for (const finding of checkRecord(kind, record.value as never, context))
        problems.push(toProblem(record, finding));
    }
  }
  return problems;
}

function toProblem({ file, path, detail }: Placed, finding: Finding): Problem {
  const at = detail === undefined ? [...path, ...finding.path] : path;
  const message = detail === undefined ? finding.message : `${detail}: ${finding.message}`;
  return { ...file.document.problem(at, message, finding), severity: finding.severity };
}

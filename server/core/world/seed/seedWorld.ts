/** The seeded world: frozen, and shared by all spaces. */
import type { Problem } from '../../yaml/problem.ts';
import { type JsonSchema, readBySchema, type SchemaReading } from '../../yaml/schema.ts';
import { worldFormats } from '../formats.ts';
import { KINDS } from '../kinds.ts';
import { PatientIndex } from '../patientIndex.ts';
import { completePatient } from '../patientRecord.ts';
import { BaseTable } from '../table.ts';
import type { BaseTables } from '../tables/tables.ts';
import type { Patient, WorldKind } from '../types.ts';
import type { Patterns } from './parties.ts';

/** Patients of the seed with their dates counted from one day. */
export interface BasePatients {
  table: BaseTable<Patient>;
  index: PatientIndex;
}

/** Spaces may stand on different days; more than this at a time is not worth keeping ready. */
const MAX_DAYS_KEPT = 8;

export interface SeedParts {
  schema: JsonSchema;
  tables: BaseTables;
  /** As written, copies expanded, dates not yet counted. Known to be without faults. */
  patients: unknown[];
  /** The same with dates counted from `today`. */
  patientsToday: Patient[];
  today: string;
  patterns: Patterns;
}

export class SeedWorld {
  readonly tables: BaseTables;
  /** What is odd in the seed, but not refused. */
  readonly warnings: Problem[] = [];
  readonly schema: JsonSchema;
  readonly patterns: Patterns;
  #patients: unknown[];
  #days = new Map<string, BasePatients>();

  constructor(parts: SeedParts) {
    this.tables = parts.tables;
    this.schema = parts.schema;
    this.patterns = parts.patterns;
    this.#patients = parts.patients;
    this.#days.set(parts.today, basePatients(parts.patientsToday));
  }

  /** Reads a record that someone wants to put, relative dates counted from `today` (`YYYY-MM-DD`). */
  read(kind: WorldKind, value: unknown, today: string): SchemaReading {
    return readRecord(this.schema, kind, value, today);
  }

  /** Reads the registration of an endpoint in the same way. */
  readEndpoint(value: unknown, today: string): SchemaReading {
    return readRecord(this.schema, 'endpoints', value, today);
  }

  /** The seeded patients with their dates counted from that day. */
  patientsOn(today: string): BasePatients {
    let patients = this.#days.get(today);
    if (!patients) {
      patients = basePatients(
        this.#patients.map((raw) => readRecord(this.schema, 'patients', raw, today).value as Patient),
      );
      if (this.#days.size >= MAX_DAYS_KEPT) this.#days.delete(this.#days.keys().next().value!);
      this.#days.set(today, patients);
    }
    return patients;
  }
}

function basePatients(records: Patient[]): BasePatients {
  const values = new Map(records.map((patient) => [patient.nhsNumber, deepFreeze(detached(completePatient(patient)))]));
  return { table: new BaseTable(KINDS.patients, values), index: new PatientIndex(values.values()) };
}

/** `name`: that of the record's schema under `$defs`. */
export function readRecord(
  schema: JsonSchema,
  name: WorldKind | 'endpoints',
  value: unknown,
  today: string,
): SchemaReading {
  const record: JsonSchema = { $ref: `#/$defs/${name}`, $defs: schema.$defs! };
  return readBySchema(record, value, worldFormats(today));
}

/**
 * A copy whose texts are their own: a text cut out of a file keeps the whole file in memory, and is as wide as the widest
 * character anywhere in it, which makes every answer with it wide.
 */
function detached<T>(record: T): T {
  return JSON.parse(JSON.stringify(record)) as T;
}

/** Freezes a value and all that it holds. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}

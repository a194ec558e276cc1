/** One database of a population, open for reading. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PatientCriteria } from '../patientIndex.ts';
import { deepFreeze } from '../seed/seedWorld.ts';
import type { Patient } from '../types.ts';
import { finderOf } from './candidates.ts';
import { SQL } from './tables.ts';

/** Records kept as objects, at about 3 KB each: those that a test asks for again and again. */
const MAX_KEPT = 2_000;

/** Statements for traces, one for each set of criteria that are given; more kinds than this there are not. */
const MAX_FINDERS = 200;

export class PopulationRecords {
  readonly size: number;
  readonly about: Readonly<Record<string, string>>;
  #database: DatabaseSync;
  #record: StatementSync;
  #has: StatementSync;
  #page: StatementSync;
  #finders = new Map<string, StatementSync>();
  /** The least recently used first. */
  #kept = new Map<string, Patient>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.about = Object.fromEntries(
      database
        .prepare(SQL.about)
        .all()
        .map((row) => [String(row.name), String(row.value)]),
    );
    this.size = Number(this.about.patients);
    this.#record = database.prepare(SQL.record);
    this.#has = database.prepare(SQL.has);
    this.#page = database.prepare(SQL.page);
  }

  has(nhsNumber: string): boolean {
    return this.#kept.has(nhsNumber) || this.#has.get(Number(nhsNumber)) !== undefined;
  }

  get(nhsNumber: string): Patient | undefined {
    const kept = this.#kept.get(nhsNumber);
    if (kept) {
      this.#kept.delete(nhsNumber);
      this.#kept.set(nhsNumber, kept);
      return kept;
    }
    const row = this.#record.get(Number(nhsNumber));
    if (!row) return undefined;
    const patient = deepFreeze(JSON.parse(String(row.record)) as Patient);
    this.#kept.set(nhsNumber, patient);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return patient;
  }

  /** Numbers of those who may be meant, and whether there are more than `limit` of them. */
  find(criteria: PatientCriteria, limit: number): { numbers: string[]; more: boolean } {
    const finder = finderOf(criteria);
    if (!finder) {
      const numbers = this.page(undefined, limit).map(({ nhsNumber }) => nhsNumber);
      return { numbers, more: this.size > limit };
    }
    let statement = this.#finders.get(finder.sql);
    if (!statement) {
      statement = this.#database.prepare(`${finder.sql} LIMIT ?`);
      if (this.#finders.size < MAX_FINDERS) this.#finders.set(finder.sql, statement);
    }
    // Who has the name twice comes twice; SQLite would sort all to see it.
    const rows = statement.all(...finder.values, limit + 1);
    const numbers = [...new Set(rows.map((row) => String(row.nhs_number)))];
    return { numbers: numbers.slice(0, limit), more: rows.length > limit };
  }

  /** In the order of the numbers, behind one of them. */
  page(after: string | undefined, limit: number): Patient[] {
    const rows = this.#page.all(Number(after ?? 0), limit);
    return rows.map((row) => deepFreeze(JSON.parse(String(row.record)) as Patient));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

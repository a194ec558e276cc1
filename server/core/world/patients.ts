/**
 * Patients of one space: what it changed, over the seed that people read, over a population of any number. The door is
 * asynchronous, so that a population need not be in the process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WorldProblem } from './errors.ts';
import { layered } from './layeredPatients.ts';
import { type PatientCriteria, PatientIndex } from './patientIndex.ts';
import type { Population } from './population/population.ts';
import type { BasePatients } from './seed/seedWorld.ts';
import { BaseTable, Table } from './table.ts';
import type { Patient } from './types.ts';

/** A chain of merges longer than this is a circle. */
const MAX_MERGES = 20;

/**
 * How many records of a population a trace looks at: half a second's work. The criteria that an index knows leave fewer in a
 * million; a wider search, such as by two letters of a name, ends here, and nobody can say then who else would have fitted.
 */
const MAX_CANDIDATES = 20_000;

/** There are more candidates than a trace looks at. Those that were looked at came before. */
export class TooManyCandidatesError extends Error {
  constructor() {
    super(`more than ${MAX_CANDIDATES} records may be meant`);
    this.name = 'TooManyCandidatesError';
  }
}

/** How many of them between two turns of the event loop: other exchanges go on. */
const CANDIDATES_A_TURN = 200;

/** How many records a list gives when the caller names no limit. */
const PAGE_RECORDS = 1_000;

export interface PatientWrite {
  /** Written only if the stored record has this serial change number; else `ConflictError`. */
  ifScn?: number;
}

/** Writes go through the world: it validates, keeps and tells. */
export interface PatientWriter {
  put(patient: Patient, condition?: PatientWrite): Promise<{ warnings: WorldProblem[] }>;
  delete(nhsNumber: string): Promise<boolean>;
}

/** The record that a number leads to, and the numbers on the way when it was superseded. */
export interface LivePatient {
  patient: Patient;
  /** Empty when the record itself was asked for. */
  via: string[];
}

export class Patients {
  #base: () => BasePatients;
  #writer: PatientWriter;
  #population: Population | undefined;
  #table: Table<Patient> | undefined;
  #own = new PatientIndex();

  /** `base` is asked when the first patient is; the seed's dates count from the space's day. */
  constructor(base: () => BasePatients, writer: PatientWriter, population?: Population | undefined) {
    this.#base = base;
    this.#writer = writer;
    this.#population = population;
  }

  async get(nhsNumber: string): Promise<Patient | undefined> {
    return this.table().get(nhsNumber);
  }

  /** The record that stands for this number, merges followed. Undefined for an unknown number or a circle of merges. */
  async live(nhsNumber: string): Promise<LivePatient | undefined> {
    const via: string[] = [];
    let patient = await this.get(nhsNumber);
    while (patient?.supersededBy !== undefined) {
      via.push(patient.nhsNumber);
      if (via.length > MAX_MERGES) return undefined;
      patient = await this.get(patient.supersededBy);
    }
    return patient && { patient, via };
  }

  /** Adds or replaces; the record is copied. Resolves when it is kept. Throws `WorldError` or `ConflictError`. */
  async put(patient: Patient, condition: PatientWrite = {}): Promise<{ warnings: WorldProblem[] }> {
    return this.#writer.put(patient, condition);
  }

  /** False when there was none. */
  async delete(nhsNumber: string): Promise<boolean> {
    return this.#writer.delete(nhsNumber);
  }

  /** Candidates in no particular order, superseded, invalid and sensitive ones included. Rejects with TooManyCandidatesError. */
  async find(criteria: PatientCriteria): Promise<Patient[]> {
    const candidates: Patient[] = [];
    for await (const patient of this.candidates(criteria)) candidates.push(patient);
    return candidates;
  }

  /** The same one by one, for those who may stop early; the error comes behind those that are looked at. */
  async *candidates(criteria: PatientCriteria): AsyncGenerator<Patient> {
    const table = this.table();
    const { index } = this.#base();
    for (const patient of index.find(criteria)) if (table.get(patient.nhsNumber) === patient) yield patient;
    yield* this.#own.find(criteria);
    const records = this.#population?.records;
    const found = records?.find(criteria, MAX_CANDIDATES);
    for (const [place, nhsNumber] of (found?.numbers ?? []).entries()) {
      if (place % CANDIDATES_A_TURN === CANDIDATES_A_TURN - 1) await nextTurn();
      // Another population took its place meanwhile.
      if (this.#population?.records !== records) return;
      // Seed and space lie above it, and were asked already.
      if (table.own(nhsNumber) !== undefined || index.has(nhsNumber)) continue;
      const patient = records!.get(nhsNumber);
      if (patient) yield patient;
    }
    if (found?.more) throw new TooManyCandidatesError();
  }

  /** Candidates with this family name (any of their names) born on this day (`YYYYMMDD`). */
  async byFamilyAndDob(family: string, dateOfBirth: string): Promise<Patient[]> {
    return this.find({ family, dateOfBirth });
  }

  async count(): Promise<number> {
    return this.table().size;
  }

  /** In the order of the seed, then of their making; `after` is the NHS number that the page before ended with. */
  async list(options: { after?: string | undefined; limit?: number | undefined } = {}): Promise<Patient[]> {
    return this.table().page(options.after, options.limit ?? PAGE_RECORDS);
  }

  /** Those that someone wrote, for the seed or for this space: everybody but the population. */
  written(): Patient[] {
    const table = this.table();
    const own = [...table.changes()].flatMap(([, patient]) => (patient === null ? [] : [patient]));
    const seeded = this.#base().index.find({});
    return [
      ...seeded.flatMap(({ nhsNumber }) => table.get(nhsNumber) ?? []),
      ...own.filter(({ nhsNumber }) => !this.#base().index.has(nhsNumber)),
    ];
  }

  /** Only for the world: false while no patient was asked for. */
  get inUse(): boolean {
    return this.#table !== undefined;
  }

  /** Only for the world. */
  table(): Table<Patient> {
    if (!this.#table) {
      const { table } = this.#base();
      this.#table = new Table(
        this.#population ? new BaseTable(table.rules, layered(table.values, this.#population)) : table,
      );
    }
    return this.#table;
  }

  /** Only for the world: as `Table.apply`, index included. */
  apply(nhsNumber: string, patient: Patient | null | undefined): void {
    this.table().apply(nhsNumber, patient);
    this.#own.remove(nhsNumber);
    if (patient) this.#own.add(patient);
  }

  /** Only for the world: forgets everything; the base is asked for anew. */
  forget(): void {
    this.#table = undefined;
    this.#own = new PatientIndex();
  }
}

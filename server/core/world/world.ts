/**
 * The world of one space: who there is, over the seed that all spaces share. Reads are synchronous and from memory (patients
 * apart); writes are checked, seen at once by every reader, and durable when their promise resolves.
 */
import type { Clock } from '../clock/clock.ts';
import type { JsonSchema } from '../yaml/schema.ts';
import type { Finding } from './check/finding.ts';
import { Endpoints, type WorldRecord } from './endpoints/endpoints.ts';
import { ConflictError, WorldError, type WorldProblem } from './errors.ts';
import { KIND_NAMES } from './kinds.ts';
import { Patients, type PatientWrite } from './patients.ts';
import { NO_PERSISTENCE, type Persistence } from './persistence.ts';
import type { Population } from './population/population.ts';
import { asProblem, idOf, type PutOptions, RecordReader } from './recordReader.ts';
import type { Patterns } from './seed/parties.ts';
import { deepFreeze, type SeedWorld } from './seed/seedWorld.ts';
import type { Table } from './table.ts';
import { createTables, type Tables } from './tables/tables.ts';
import type { Patient, WorldKind, WorldKinds } from './types.ts';

/** A record was put (`value`), removed (`value` undefined) or went back to what the seed has. */
export interface WorldChange {
  kind: WorldKind;
  id: string;
  value: unknown;
}

export interface PutResult {
  id: string;
  /** Breaches of rules that real directories have too. */
  warnings: WorldProblem[];
}

/** A record to be put, as a seed file would write it, or (no value) to be removed. */
export interface RecordWish {
  kind: WorldKind;
  /** Only for what is to be removed. */
  id?: string | undefined;
  value?: unknown;
}

export interface WorldOptions {
  seed: SeedWorld;
  /** Name of the space. */
  space: string;
  clock: Clock;
  persistence?: Persistence | undefined;
  /** Patients beneath those of the seed, shared by all spaces. */
  population?: Population | undefined;
  /** Allows one party key for several organisations. */
  sharedPartyKeys?: boolean | undefined;
}

export class World implements Tables {
  readonly organisations: Tables['organisations'];
  readonly people: Tables['people'];
  readonly cards: Tables['cards'];
  readonly workgroups: Tables['workgroups'];
  readonly workgroupTypes: Tables['workgroupTypes'];
  readonly baselines: Tables['baselines'];
  readonly systems: Tables['systems'];
  readonly handlers: Tables['handlers'];
  readonly mailboxes: Tables['mailboxes'];
  readonly workflows: Tables['workflows'];
  readonly sharing: Tables['sharing'];
  readonly addresses: Tables['addresses'];
  readonly patients: Patients;
  /** Registration of suppliers' systems with all that belongs to one. */
  readonly endpoints: Endpoints;

  #options: WorldOptions;
  #persistence: Persistence;
  #listeners = new Set<(change: WorldChange) => void>();
  #anchor: string | undefined;
  readonly #reader: RecordReader;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#persistence = options.persistence ?? NO_PERSISTENCE;
    this.#reader = new RecordReader(options, this);
    const tables = createTables(options.seed.tables);
    this.organisations = tables.organisations;
    this.people = tables.people;
    this.cards = tables.cards;
    this.workgroups = tables.workgroups;
    this.workgroupTypes = tables.workgroupTypes;
    this.baselines = tables.baselines;
    this.systems = tables.systems;
    this.handlers = tables.handlers;
    this.mailboxes = tables.mailboxes;
    this.workflows = tables.workflows;
    this.sharing = tables.sharing;
    this.addresses = tables.addresses;
    this.endpoints = new Endpoints({
      world: this,
      space: options.space,
      clock: options.clock,
      read: (value) => options.seed.readEndpoint(value, this.#reader.today()),
      examine: (records) => this.#examine(records),
    });
    const writer = {
      put: (patient: Patient, condition?: PatientWrite) => this.#putPatient(patient, condition),
      delete: (nhsNumber: string) => this.delete('patients', nhsNumber),
    };
    this.patients = new Patients(() => options.seed.patientsOn(this.#day()), writer, options.population);
  }

  /**
   * Reads what the space changed in an earlier run, in place of what it holds now. Listeners hear of each record. Throws
   * `WorldError`, and changes nothing, for a stored value that is no record of its kind.
   */
  async load(): Promise<void> {
    const entries = await this.#persistence.load(this.#options.space);
    for (const { kind, id, value } of entries) if (value !== null) this.#reader.refuseOther(kind, id, value);
    this.#forget();
    for (const { kind, id, value } of entries) {
      const record = value === null ? null : deepFreeze(value);
      this.#apply(kind, id, record);
      this.#tell({ kind, id, value: record ?? undefined });
    }
  }

  /**
   * Adds or replaces a record, as a seed file would write it: relative dates count from now, defaults are filled in. Throws
   * `WorldError` with everything that is wrong.
   */
  async put<K extends WorldKind>(kind: K, value: unknown, options: PutOptions = {}): Promise<PutResult> {
    const { record, warnings } = this.#reader.read(kind, value, options);
    return { ...(await this.#keep(kind, record)), warnings };
  }

  /** What `put` would say of the value, errors and warnings, without putting it. */
  check(kind: WorldKind, value: unknown, options: PutOptions = {}): WorldProblem[] {
    try {
      return this.#reader.read(kind, value, options).warnings;
    } catch (error) {
      if (error instanceof WorldError) return [...error.problems];
      throw error;
    }
  }

  /** What the rules say of a record that its schema has shaped already, at paths within it. */
  findings<K extends WorldKind>(kind: K, record: WorldKinds[K]): Finding[] {
    return this.#reader.findings(kind, record);
  }

  /** The shape of what may be put. */
  get schema(): JsonSchema {
    return this.#options.seed.schema;
  }

  /**
   * Puts records, and removes those without a value, in one: readers see all of it or nothing, and so does a later process. Each
   * value is as for `put`; rules are asked once all are in place. Throws `WorldError` with everything that is wrong, and changes
   * nothing.
   */
  async putAll(wishes: readonly RecordWish[], options: PutOptions = {}): Promise<WorldProblem[]> {
    const faults: WorldProblem[] = [];
    const records: WorldRecord[] = [];
    for (const [index, { kind, id, value }] of wishes.entries()) {
      const at = wishes.length === 1 ? '' : `${kind}[${index}]`;
      if (value === undefined || value === null) {
        if (id !== undefined && this.#table(kind).has(id)) records.push({ kind, id, value: null });
        continue;
      }
      const reading = this.#reader.shape(kind, value);
      for (const problem of reading.problems) faults.push({ ...problem, path: joined(at, problem.path) });
      if (reading.problems.length > 0) continue;
      records.push({ kind, id: idOf(kind, reading.record), value: deepFreeze(reading.record) } as WorldRecord);
    }
    if (faults.length > 0) throw new WorldError('records', faults);
    const findings = this.#examine(records).map((finding) => asProblem(finding, options));
    if (findings.some(({ severity }) => severity === 'error')) throw new WorldError('records', findings);
    await this.#change(records);
    return findings;
  }

  /** Patterns of contracts that the seed names. */
  get patterns(): Patterns {
    return this.#options.seed.patterns;
  }

  /** Removes a record from this space, seeded or not. False when there was none. */
  async delete(kind: WorldKind, id: string): Promise<boolean> {
    if (!this.#table(kind).has(id)) return false;
    await this.#change([{ kind, id, value: null }]);
    return true;
  }

  /** Called for each change, after it is seen by readers and before it is durable. Returns how to stop. */
  onChange(listener: (change: WorldChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As the seed has it; relative dates of patients count from the clock's day now. */
  async reset(): Promise<void> {
    this.#forget();
    await this.#persistence.clear(this.#options.space);
  }

  /** The day from which the seed's relative dates count here; undefined before its first use. */
  get day(): string | undefined {
    return this.#anchor;
  }

  /** The day of an earlier run, so that patients keep their dates. Only before the first patient is asked for. */
  beginOn(day: string | undefined): void {
    this.#anchor = day;
  }

  /**
   * What `look` finds with these records in place, in their order. They are there for that moment only, and nobody is told;
   * `look` does not wait for anything.
   */
  asIf<T>(records: readonly WorldRecord[], look: () => T): T {
    const before = records.map(({ kind, id }) => ({ kind, id, value: this.#table(kind).own(id) }));
    try {
      for (const { kind, id, value } of records) this.#apply(kind, id, value);
      return look();
    } finally {
      for (const { kind, id, value } of before.reverse()) this.#apply(kind, id, value);
    }
  }

  /** One record of any kind. */
  async record(kind: WorldKind, id: string): Promise<WorldKinds[WorldKind] | undefined> {
    return this.#table(kind).get(id) as WorldKinds[WorldKind] | undefined;
  }

  /** Records of any kind in a stable order; `after` is the id that the page before ended with. */
  async records(
    kind: WorldKind,
    page: { after?: string | undefined; limit?: number | undefined } = {},
  ): Promise<unknown[]> {
    return this.#table(kind).page(page.after, page.limit);
  }

  #forget(): void {
    const undone: WorldChange[] = [];
    for (const kind of KIND_NAMES) {
      if (kind === 'patients' && !this.patients.inUse) continue;
      const table = this.#table(kind);
      for (const [id] of [...table.changes()]) {
        this.#apply(kind, id, undefined);
        undone.push({ kind, id, value: table.seeded(id) });
      }
    }
    this.patients.forget();
    this.#anchor = undefined;
    for (const change of undone) this.#tell(change);
  }

  /** The day from which the seed's relative dates count in this space: that of its first use after a reset. */
  #day(): string {
    this.#anchor ??= this.#reader.today();
    return this.#anchor;
  }

  /** What the rules say of records once all of them are there. */
  #examine(records: readonly WorldRecord[]): Finding[] {
    return this.asIf(records, () =>
      records.flatMap(({ kind, value }) => (value === null ? [] : this.#reader.rules(kind, value as never))),
    );
  }

  async #keep(kind: WorldKind, record: WorldKinds[WorldKind]): Promise<{ id: string }> {
    const id = idOf(kind, record);
    await this.#change([{ kind, id, value: record }]);
    return { id };
  }

  /** Memory first, so that nothing runs between a reader's look and its write; taken back if it can't be kept. */
  async #change(records: readonly WorldRecord[]): Promise<void> {
    const before = records.map(({ kind, id }) => this.#table(kind).own(id));
    for (const { kind, id, value } of records) this.#apply(kind, id, value);
    for (const { kind, id, value } of records) this.#tell({ kind, id, value: value ?? undefined });
    try {
      await this.#persistence.save(this.#options.space, records);
    } catch (error) {
      for (const [index, { kind, id, value }] of [...records.entries()].reverse()) {
        const table = this.#table(kind);
        if ((table.own(id) ?? null) !== value) continue;
        this.#apply(kind, id, before[index]);
        this.#tell({ kind, id, value: table.get(id) });
      }
      throw error;
    }
  }

  async #putPatient(patient: Patient, condition: PatientWrite = {}): Promise<PutResult> {
    const { record, warnings } = this.#reader.read('patients', patient);
    const stored = this.patients.table().get(record.nhsNumber);
    if (condition.ifScn !== undefined && stored?.scn !== condition.ifScn) {
      throw new ConflictError(record.nhsNumber, stored?.scn);
    }
    return { ...(await this.#keep('patients', record)), warnings };
  }

  #table(kind: WorldKind): Table<unknown> {
    return (kind === 'patients' ? this.patients.table() : this[kind]) as Table<unknown>;
  }

  #apply(kind: WorldKind, id: string, value: unknown): void {
    if (kind === 'patients') this.patients.apply(id, value as Patient | null | undefined);
    else this.#table(kind).apply(id, value);
  }

  #tell(change: WorldChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

const joined = (at: string, path: string): string => (at === '' || path === '' ? at + path : `${at}.${path}`);

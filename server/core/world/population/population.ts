/** The crowd beneath all spaces: none, one in a file, or one in memory; replaced as a whole. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../store/storeError.ts';
import { DEFAULT_AS_OF, generatePatients, MAX_GENERATED } from '../generator/bulk.ts';
import { build } from './build.ts';
import { PopulationRecords } from './records.ts';
import { POPULATION_VERSION } from './tables.ts';

const FILE = 'population.db';

/** Pages that SQLite keeps of it, in KiB; the rest is the operating system's to keep. */
const READ_CACHE_KIB = 16 * 1024;

export interface PopulationOrder {
  patients: number;
  seed: string;
  /** `YYYY-MM-DD` */
  asOf?: string | undefined;
}

export interface PopulationStatus {
  /** How many there are, without the seed's. */
  patients: number;
  seed?: string;
  asOf?: string;
  /** While others are made. */
  making?: { made: number; of: number };
  /** Why the last making failed. */
  failure?: string;
}

/** A making is under way already. */
export class PopulationBusyError extends Error {
  constructor() {
    super('a population is being made; ask for its status until it is done');
    this.name = 'PopulationBusyError';
  }
}

export class Population {
  readonly #file: string | undefined;
  #records: PopulationRecords | undefined;
  #making: { made: number; of: number } | undefined;
  #failure: string | undefined;
  #closed = false;

  private constructor(file: string | undefined) {
    this.#file = file;
  }

  /** Opens what the data folder has; without a folder it is kept in memory. Rejects with StoreError. */
  static async open(dataDir: string | undefined): Promise<Population> {
    const file = dataDir === undefined ? undefined : join(dataDir, FILE);
    const population = new Population(file);
    if (file !== undefined && existsSync(file)) population.#records = await openFile(file);
    return population;
  }

  /** Undefined while there is nobody. */
  get records(): PopulationRecords | undefined {
    return this.#records;
  }

  status(): PopulationStatus {
    const { seed, asOf } = this.#records?.about ?? {};
    return {
      patients: this.#records?.size ?? 0,
      ...(seed === undefined ? {} : { seed }),
      ...(asOf === undefined ? {} : { asOf }),
      ...(this.#making && { making: { ...this.#making } }),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    };
  }

  /**
   * Makes a population in the place of the present one, which serves until then. Resolves when it is in use. Rejects with
   * PopulationBusyError, RangeError (too many) or StoreError (no room).
   */
  async generate({ patients: count, seed, asOf = DEFAULT_AS_OF }: PopulationOrder): Promise<void> {
    if (this.#making) throw new PopulationBusyError();
    if (count > MAX_GENERATED) throw new RangeError(`there are NHS numbers for ${MAX_GENERATED} patients only`);
    this.#making = { made: 0, of: count };
    this.#failure = undefined;
    const fresh = this.#file === undefined ? undefined : `${this.#file}.new`;
    try {
      if (fresh !== undefined) rmSync(fresh, { force: true });
      const { DatabaseSync } = await import('node:sqlite');
      const database = new DatabaseSync(fresh ?? ':memory:');
      try {
        const progress = (made: number) => this.#progress(made);
        await build(database, generatePatients({ count, seed, asOf }), { progress, about: { seed, asOf } });
      } catch (error) {
        database.close();
        throw error;
      }
      await this.#take(database, fresh);
    } catch (error) {
      if (fresh !== undefined) rmSync(fresh, { force: true });
      this.#failure = (error as Error).message;
      throw error instanceof RangeError
        ? error
        : new StoreError(`no population could be made: ${this.#failure}`, error);
    } finally {
      this.#making = undefined;
    }
  }

  /** Nobody is left but those of the seed and of the spaces. */
  clear(): void {
    if (this.#making) throw new PopulationBusyError();
    this.#records?.close();
    this.#records = undefined;
    if (this.#file !== undefined) rmSync(this.#file, { force: true });
  }

  close(): void {
    this.#closed = true;
    this.#records?.close();
  }

  #progress(made: number): void {
    if (this.#closed) throw new Error('the simulator ended');
    this.#making!.made = made;
  }

  async #take(database: DatabaseSync, fresh: string | undefined): Promise<void> {
    if (this.#file === undefined || fresh === undefined) {
      this.#records?.close();
      limitCache(database);
      this.#records = new PopulationRecords(database);
      return;
    }
    database.close();
    this.#records?.close();
    this.#records = undefined;
    renameSync(fresh, this.#file);
    this.#records = await openFile(this.#file);
  }
}

async function openFile(file: string): Promise<PopulationRecords> {
  const { DatabaseSync } = await import('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version !== POPULATION_VERSION) {
      throw new Error(`it has format ${version}, this version reads ${POPULATION_VERSION}`);
    }
    limitCache(database);
    return new PopulationRecords(database);
  } catch (error) {
    database?.close();
    const remedy = 'Delete it, and make it anew with "spine-sim world generate".';
    throw new StoreError(`${file} can't be read: ${(error as Error).message}. ${remedy}`, error);
  }
}

function limitCache(database: DatabaseSync): void {
  database.exec(`PRAGMA cache_size = -${READ_CACHE_KIB}`);
}

/** Opens the database file of the file engine, or says plainly why it can't be used. */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SCHEMA, SCHEMA_VERSION } from './sql.ts';
import { StoreError } from './storeError.ts';

/** A database up to this size is checked as a whole at each start (about 0.2 s at most); a larger one as it is read. */
const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** How long a start waits for another process, which may be just ending, to let go of the file. */
const LOCK_WAIT_MS = 2_000;

/**
 * Pages of the journal, of 4 kB, after which SQLite copies them into the file. A page that is written again and again until then is
 * copied once: with the usual 1000 a MESH send takes a twentieth more.
 */
const CHECKPOINT_PAGES = 4000;

/** Primary result codes of SQLite (the low byte of `errcode`) and what they mean to the user. */
const MEANINGS: Record<number, string> = {
  5: 'is in use by another process: stop the other simulator or give this one its own data folder',
  8: 'is read-only: make the data folder writable for this user',
  10: 'can not be read or written: check the disk',
  11: 'is damaged',
  13: 'can not grow: the disk is full',
  14: 'can not be opened: check that the data folder exists and is writable',
  26: 'is not a database: it is damaged or another program wrote it',
};

const CANT_OPEN = 14;

const REMEDY = 'Put back a copy of the file, or move it away to start without stored data.';

/** Any error of SQLite as one that names the file and what to do. */
export function storeError(file: string, error: unknown): StoreError {
  const { errcode, code: reason, message } = error as { errcode?: number; code?: string; message: string };
  const code = (errcode ?? (reason === 'EACCES' || reason === 'EISDIR' ? CANT_OPEN : 0)) & 0xff;
  const meaning = MEANINGS[code] ?? `failed: ${message}`;
  const remedy = code === 11 || code === 26 ? ` ${REMEDY}` : '';
  return new StoreError(`${file} ${meaning}.${remedy}`, error);
}

/**
 * The database with its tables. WAL with synchronous=NORMAL: what was committed outlives the end of the process at any moment;
 * the end of the machine may cost the last moments but never the file. Throws StoreError.
 */
export function openDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let database: DatabaseSync | undefined;
  try {
    // Made here so that only the owner may read it; SQLite gives its journal the same mode.
    closeSync(openSync(file, 'a', 0o600));
    const isNew = statSync(file).size === 0;
    database = new DatabaseSync(file, { timeout: LOCK_WAIT_MS });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    if (!isNew) check(database, file);
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : storeError(file, error);
  }
}

function check(database: DatabaseSync, file: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  const tables = Number(database.prepare('SELECT count(*) AS n FROM sqlite_master').get()?.n);
  // Killed between the making of the file and of its tables: nothing was stored yet.
  if (version === 0 && tables === 0) return;
  if (version !== SCHEMA_VERSION) {
    throw new StoreError(
      `${file} has format ${version}, this version reads ${SCHEMA_VERSION}: use the version that wrote it, or another data folder.`,
    );
  }
  if (statSync(file).size > MAX_CHECKED_BYTES) return;
  const fault = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check);
  if (fault !== 'ok') throw new StoreError(`${file} is damaged (${fault.replaceAll('\n', ' ')}). ${REMEDY}`);
}

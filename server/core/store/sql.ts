/** The statements of the file engine, in SQL that PostgreSQL has too but for the types of the first two tables' keys. */

/** Raised when the tables change; a database of another version is refused, not guessed at. */
export const SCHEMA_VERSION = 1;

/**
 * `row_keys` repeats what the row's `keys` says, in the order in which it is searched. AUTOINCREMENT so that a `seq` never
 * comes back: a reader that continues after the last one it saw misses nothing.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS stored_rows (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  collection TEXT NOT NULL, space TEXT NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL, json TEXT NOT NULL, keys TEXT NOT NULL,
  UNIQUE (collection, space, id)
);
CREATE INDEX IF NOT EXISTS stored_rows_in_order ON stored_rows (collection, space, seq);
CREATE TABLE IF NOT EXISTS row_keys (
  collection TEXT NOT NULL, space TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (collection, space, name, value, seq)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS declared_indexes (collection TEXT PRIMARY KEY, fingerprint TEXT NOT NULL);
`;

const COLUMNS = 'id, seq, version, json';
const OF_ROW = 'collection = ? AND space = ? AND id = ?';
const OF_KEY = 'collection = ? AND space = ? AND name = ? AND value = ?';
const OF_INDEX = `FROM row_keys k JOIN stored_rows r ON r.seq = k.seq
    WHERE k.collection = ? AND k.space = ? AND k.name = ? AND k.value = ?`;

export const SQL = {
  read: `SELECT ${COLUMNS} FROM stored_rows WHERE ${OF_ROW}`,
  head: `SELECT seq, version, keys FROM stored_rows WHERE ${OF_ROW}`,
  insert:
    'INSERT INTO stored_rows (collection, space, id, version, json, keys) VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING',
  update: 'UPDATE stored_rows SET version = version + 1, json = ?, keys = ? WHERE seq = ?',
  remove: 'DELETE FROM stored_rows WHERE seq = ?',
  addKey: 'INSERT INTO row_keys (collection, space, name, value, seq) VALUES (?, ?, ?, ?, ?)',
  removeKey: `DELETE FROM row_keys WHERE ${OF_KEY} AND seq = ?`,
  list: `SELECT ${COLUMNS} FROM stored_rows WHERE collection = ? AND space = ? AND seq > ? ORDER BY seq LIMIT ?`,
  listReverse: `SELECT ${COLUMNS} FROM stored_rows WHERE collection = ? AND space = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  find: `SELECT r.id, r.seq, r.version, r.json ${OF_INDEX} AND k.seq > ? ORDER BY k.seq LIMIT ?`,
  findReverse: `SELECT r.id, r.seq, r.version, r.json ${OF_INDEX} AND k.seq < ? ORDER BY k.seq DESC LIMIT ?`,
  findIds: `SELECT r.id, r.seq ${OF_INDEX} AND k.seq > ? ORDER BY k.seq LIMIT ?`,
  findIdsReverse: `SELECT r.id, r.seq ${OF_INDEX} AND k.seq < ? ORDER BY k.seq DESC LIMIT ?`,
  count: 'SELECT count(*) AS n FROM stored_rows WHERE collection = ? AND space = ?',
  countKey: `SELECT count(*) AS n FROM row_keys WHERE ${OF_KEY}`,
  spaces: 'SELECT DISTINCT space FROM stored_rows ORDER BY space',
  collections: 'SELECT DISTINCT collection FROM stored_rows ORDER BY collection',
  collectionsOf: 'SELECT DISTINCT collection FROM stored_rows WHERE space = ? ORDER BY collection',
  clearRows: 'DELETE FROM stored_rows',
  clearKeys: 'DELETE FROM row_keys',
  clearRowsOf: 'DELETE FROM stored_rows WHERE space = ?',
  clearKeysOf: 'DELETE FROM row_keys WHERE space = ?',
  fingerprint: 'SELECT fingerprint FROM declared_indexes WHERE collection = ?',
  setFingerprint: `INSERT INTO declared_indexes (collection, fingerprint) VALUES (?, ?)
    ON CONFLICT (collection) DO UPDATE SET fingerprint = excluded.fingerprint`,
  rowsOf: 'SELECT seq, space, json FROM stored_rows WHERE collection = ?',
  clearKeysOfCollection: 'DELETE FROM row_keys WHERE collection = ?',
  setKeys: 'UPDATE stored_rows SET keys = ? WHERE seq = ?',
} as const;

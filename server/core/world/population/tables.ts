/** The tables of a population: written once, then only read. */

/** Raised when the tables change; a file of another version is refused, not guessed at. */
export const POPULATION_VERSION = 1;

/**
 * `names` has a row for each family name with the first given name, current and past: in the order of the birth date for those
 * who know it, with an index in the order of the name for those who don't. Texts are folded as traces compare them. A birth date
 * may be shorter than a day (`1950`); without one it is empty.
 */
export const POPULATION_TABLES = `
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE patients (nhs_number INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE names (
  born TEXT NOT NULL, family TEXT NOT NULL, given TEXT NOT NULL, nhs_number INTEGER NOT NULL, gender TEXT NOT NULL,
  PRIMARY KEY (born, family, given, nhs_number)
) WITHOUT ROWID;
CREATE INDEX names_by_family ON names (family, born, given, gender);
CREATE TABLE homes (
  postcode TEXT NOT NULL, born TEXT NOT NULL, nhs_number INTEGER NOT NULL,
  PRIMARY KEY (postcode, born, nhs_number)
) WITHOUT ROWID;
CREATE TABLE old_numbers (
  old_number TEXT NOT NULL, nhs_number INTEGER NOT NULL, PRIMARY KEY (old_number, nhs_number)
) WITHOUT ROWID;
PRAGMA user_version = ${POPULATION_VERSION};
`;

export const SQL = {
  putPatient: 'INSERT OR REPLACE INTO patients (nhs_number, record) VALUES (?, ?)',
  putName: 'INSERT OR REPLACE INTO names (born, family, given, nhs_number, gender) VALUES (?, ?, ?, ?, ?)',
  putHome: 'INSERT OR REPLACE INTO homes (postcode, born, nhs_number) VALUES (?, ?, ?)',
  putOldNumber: 'INSERT OR REPLACE INTO old_numbers (old_number, nhs_number) VALUES (?, ?)',
  putAbout: 'INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)',
  about: 'SELECT name, value FROM about',
  record: 'SELECT record FROM patients WHERE nhs_number = ?',
  has: 'SELECT 1 AS found FROM patients WHERE nhs_number = ?',
  page: 'SELECT nhs_number, record FROM patients WHERE nhs_number > ? ORDER BY nhs_number LIMIT ?',
  byOldNumber: 'SELECT nhs_number FROM old_numbers WHERE old_number = ? LIMIT ?',
} as const;

/** Fills the tables of a population, a slice at a time: the simulator answers meanwhile. */
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { foldName, foldPostcode } from '../fold.ts';
import type { Patient } from '../types.ts';
import { POPULATION_TABLES, SQL } from './tables.ts';

/** Written between two turns of the event loop: a few milliseconds. */
const SLICE_PATIENTS = 200;

/** Pages that SQLite may keep while it writes, in KiB: the indexes of a million are filled in no order. */
const BUILD_CACHE_KIB = 128 * 1024;

export interface Making {
  /** Told how many are done, after each slice. Throws to give up. */
  progress(made: number): void;
  about: Record<string, string>;
}

/** Makes tables and rows in an empty database. What breaks off leaves a database that nobody may use. */
export async function build(database: DatabaseSync, patients: Iterable<Patient>, { progress, about }: Making) {
  // Nobody reads it before it is whole, so its journal need not outlive the process.
  database.exec(`PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -${BUILD_CACHE_KIB}`);
  database.exec(`BEGIN; ${POPULATION_TABLES}`);
  const put = writer(database);
  let made = 0;
  for (const patient of patients) {
    put(patient);
    if (++made % SLICE_PATIENTS !== 0) continue;
    progress(made);
    await nextTurn();
  }
  progress(made);
  const putAbout = database.prepare(SQL.putAbout);
  for (const [name, value] of Object.entries({ ...about, patients: String(made) })) putAbout.run(name, value);
  database.exec('COMMIT');
}

function writer(database: DatabaseSync): (patient: Patient) => void {
  const putPatient = database.prepare(SQL.putPatient);
  const putName = database.prepare(SQL.putName);
  const putHome = database.prepare(SQL.putHome);
  const putOldNumber = database.prepare(SQL.putOldNumber);
  return (patient) => {
    const number = Number(patient.nhsNumber);
    const born = patient.dateOfBirth?.slice(0, 8) ?? '';
    putPatient.run(number, JSON.stringify(patient));
    for (const { family, given } of patient.names) {
      putName.run(born, foldName(family), foldName(given[0] ?? ''), number, patient.gender);
    }
    for (const { postcode } of patient.addresses) if (postcode) putHome.run(foldPostcode(postcode), born, number);
    for (const old of patient.oldStyleNumbers ?? []) putOldNumber.run(old, number);
  };
}

/** From what a trace knows to the statement that finds whom it may mean, by the index that knows them best. */
import { foldName, foldPostcode } from '../fold.ts';
import { type PatientCriteria, rangeOf } from '../patientIndex.ts';

/** A statement that gives `nhs_number`s, each once or more, and its values. */
export interface Finder {
  sql: string;
  values: string[];
}

/** Of a wider range of birth dates the name is the better key. */
const NARROW_YEARS = 2;

/** Behind all letters and digits that folded texts consist of. */
const LAST = '\u{10ffff}';

/** Undefined when nothing is asked that an index knows: then everybody is a candidate. */
export function finderOf(criteria: PatientCriteria): Finder | undefined {
  if (criteria.oldStyleNumber !== undefined) {
    return { sql: 'SELECT nhs_number FROM old_numbers WHERE old_number = ?', values: [criteria.oldStyleNumber] };
  }
  const born = criteria.dateOfBirth === undefined ? undefined : bornIn(criteria.dateOfBirth);
  const family = criteria.family === undefined ? undefined : text('family', foldName(criteria.family));
  const postcode = criteria.postcode === undefined ? undefined : text('postcode', foldPostcode(criteria.postcode));
  if (family === undefined && born === undefined && postcode !== undefined) return select('homes', '', [postcode]);
  if (family === undefined && postcode !== undefined && !born!.narrow) return select('homes', '', [postcode, born]);
  const given = criteria.given === undefined ? undefined : text('given', foldName(criteria.given));
  const gender = criteria.gender === undefined ? undefined : { sql: 'gender = ?', values: [criteria.gender] };
  if (!born && !family) return given && select('names', '', [given, gender]);
  const byBirth = born !== undefined && (born.narrow || !family);
  const hint = byBirth ? 'NOT INDEXED' : 'INDEXED BY names_by_family';
  return select('names', hint, [born, family, given, gender, byBirth ? undefined : livingAt(postcode)]);
}

/** A family name alone, or its beginning, leaves too many in a million; who of them lives there is soon seen. */
function livingAt(postcode: Finder | undefined): Finder | undefined {
  if (!postcode) return undefined;
  return { sql: `nhs_number IN (SELECT nhs_number FROM homes WHERE ${postcode.sql})`, values: postcode.values };
}

function select(table: string, hint: string, parts: (Finder | undefined)[]): Finder {
  const given = parts.filter((part) => part !== undefined);
  const where = given.map(({ sql }) => sql).join(' AND ');
  return {
    sql: `SELECT nhs_number FROM ${table} ${hint} WHERE ${where}`,
    values: given.flatMap(({ values }) => values),
  };
}

/** Equal, or as far as the first `*`; what comes behind it is for the trace to compare. */
function text(column: string, wanted: string): Finder {
  const star = wanted.indexOf('*');
  if (star < 0) return { sql: `${column} = ?`, values: [wanted] };
  const start = wanted.slice(0, star);
  return { sql: `${column} >= ? AND ${column} < ?`, values: [start, start + LAST] };
}

/** Stored dates may be partial too: they match when the two ranges meet. */
function bornIn(date: NonNullable<PatientCriteria['dateOfBirth']>): Finder & { narrow: boolean } {
  const { from, to } = rangeOf(date);
  const wider = [from.slice(0, 6), from.slice(0, 4)];
  if (from === to) return { sql: 'born IN (?, ?, ?)', values: [from, ...wider], narrow: true };
  return {
    sql: '(born BETWEEN ? AND ? OR born IN (?, ?))',
    values: [from, to, ...wider],
    narrow: Number(to.slice(0, 4)) - Number(from.slice(0, 4)) < NARROW_YEARS,
  };
}

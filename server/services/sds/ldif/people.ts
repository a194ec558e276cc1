/** People in dumps are real ones: their entries are never taken. */
import { PEOPLE } from '../projection/names.ts';
import { normalizeDn } from '../schema/dn.ts';

const BELOW_PEOPLE = `,${normalizeDn(PEOPLE)}`;

/** True for the name of an entry below ou=People. Most names are told apart by a look, without being taken apart. */
export function isPerson(dn: string): boolean {
  return /people/i.test(dn) && (normalizeDn(dn)?.endsWith(BELOW_PEOPLE) ?? false);
}

/** A user's name as the directory's `cn` spells it. */
import type { Person } from '../world/types.ts';

/** Family name, given name, title: `Quillfeather Robin Dr`. */
export function directoryName(person: Person): string {
  return [person.familyName, person.givenName, person.title].filter(Boolean).join(' ');
}

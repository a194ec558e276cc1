/** Who may be the same person as one that is to be registered. What counts as likely is assumed. */
import { foldName } from '../../world/fold.ts';
import type { Patient } from '../../world/types.ts';
import type { World } from '../../world/world.ts';
import { type TraceResult, traceUnique } from '../trace.ts';
import type { NewPatient } from './register.ts';

/** People with the usual family name, first given name, gender and date of birth. */
export function traceDuplicate(world: World, person: NewPatient, today: string): Promise<TraceResult> {
  const usual = person.names.find(({ use }) => use === 'L') ?? person.names[0]!;
  const { family, given } = usual;
  const { gender, dateOfBirth } = person;
  return traceUnique(world, { family, given: given.slice(0, 1), gender, dateOfBirth }, today);
}

/** Babies of that day and gender with the family name or of the same mother; another birth order makes a twin of them. */
export async function sameBirths(world: World, baby: NewPatient): Promise<Patient[]> {
  const family = foldName(baby.names[0]?.family ?? '');
  const born = await world.patients.find({ dateOfBirth: baby.dateOfBirth.slice(0, 8) });
  return born.filter((other) => {
    if (other.invalid || other.supersededBy !== undefined || other.gender !== baby.gender) return false;
    if (isTwin(other.birthOrder, baby.birthOrder)) return false;
    const sibling = baby.mother !== undefined && other.mother === baby.mother;
    return sibling || other.names.some((name) => foldName(name.family) === family);
  });
}

function isTwin(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** Whom a trace that found nobody may have meant, and what of the search is not true of them: for developers only. */
import { foldName, foldPostcode } from '../world/fold.ts';
import { TooManyCandidatesError } from '../world/patients.ts';
import type { Patient } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { currentAddresses, currentNames, isHiddenFrom, usualName } from './current.ts';
import type { TraceQuery } from './trace.ts';
import { wildcardFits } from './wildcard.ts';

export interface Nearest {
  nhsNumber: string;
  /** Follows the number in a sentence: `fits but for the gender (2)`. */
  reason: string;
}

/** So many are told. */
const MOST_TOLD = 3;

/** So many records are looked at for each way to be near: a failed trace must stay cheap in a large population. */
const MOST_LOOKED_AT = 200;

/** With family name and date of birth right two more things may be wrong, with one of them nothing else. */
const MOST_WRONG = { both: 2, one: 0 } as const;

/** Nearest first. Nobody where the search has neither family name nor date of birth. */
export async function nearestTo(world: World, query: Partial<TraceQuery>, today: string): Promise<Nearest[]> {
  const { family, dateOfBirth } = query;
  const found = new Map<string, { patient: Patient; wrong: string[] }>();
  const look = async (criteria: { family?: string; dateOfBirth?: string }, most: number) => {
    let looked = 0;
    try {
      for await (const patient of world.patients.candidates(criteria)) {
        if (++looked > MOST_LOOKED_AT) return;
        const wrong = differences(patient, query, today);
        if (wrong.length <= most && patient.supersededBy === undefined)
          found.set(patient.nhsNumber, { patient, wrong });
      }
    } catch (error) {
      if (!(error instanceof TooManyCandidatesError)) throw error;
    }
  };
  if (family && dateOfBirth) await look({ family, dateOfBirth }, MOST_WRONG.both);
  // What is wrong is then the other of the two.
  if (family) await look({ family }, MOST_WRONG.one + 1);
  if (dateOfBirth) await look({ dateOfBirth }, MOST_WRONG.one + 1);
  return [...found.values()]
    .sort((a, b) => a.wrong.length - b.wrong.length || (a.patient.nhsNumber < b.patient.nhsNumber ? -1 : 1))
    .slice(0, MOST_TOLD)
    .map(({ patient, wrong }) => ({ nhsNumber: patient.nhsNumber, reason: reasonFor(patient, wrong, query) }));
}

function reasonFor(patient: Patient, wrong: readonly string[], query: Partial<TraceQuery>): string {
  if (wrong.length > 0) return `fits but for ${wrong.join(' and ')}`;
  if (patient.invalid) return 'fits, but the record was invalidated';
  if (isHiddenFrom(patient, query)) return 'fits, but is sensitive, and never found by address or practice';
  return 'fits as far as it is compared here';
}

/** What of the search is not so in the record, with what the record has. */
function differences(patient: Patient, query: Partial<TraceQuery>, today: string): string[] {
  const { family, given = [], gender, dateOfBirth, dateOfDeath } = query;
  const names = currentNames(patient, today);
  const usual = usualName(patient, today);
  const wrong: string[] = [];
  const ofFamily = names.filter((name) => !family || wildcardFits(foldName(family), foldName(name.family)));
  if (ofFamily.length === 0) wrong.push(`the family name (${usual?.family ?? 'none'})`);
  const named = (ofFamily.length > 0 ? ofFamily : names).some((name) =>
    given.every((part, index) => wildcardFits(foldName(part), foldName(name.given[index] ?? ''))),
  );
  if (!named) wrong.push(`the given name (${usual?.given.join(' ') || 'none'})`);
  if (gender !== undefined && patient.gender !== gender) wrong.push(`the gender (${patient.gender})`);
  if (dateOfBirth && !begins(patient.dateOfBirth, dateOfBirth)) {
    wrong.push(`the date of birth (${patient.dateOfBirth ?? 'none'})`);
  }
  if (dateOfDeath && !begins(patient.dateOfDeath, dateOfDeath)) {
    wrong.push(`the date of death (${patient.dateOfDeath ?? 'none'})`);
  }
  // Where a sensitive patient lives is told nowhere.
  if (!isHiddenFrom(patient, query)) wrong.push(...whereabouts(patient, query, today));
  return wrong;
}

const begins = (own: string | undefined, asked: string) => own?.startsWith(asked.slice(0, 8)) ?? false;

function whereabouts(patient: Patient, { postcode, pafKey }: Partial<TraceQuery>, today: string): string[] {
  const current = currentAddresses(patient, today);
  const wrong: string[] = [];
  const wanted = postcode && foldPostcode(postcode);
  if (wanted && !current.some((address) => wildcardFits(wanted, foldPostcode(address.postcode ?? '')))) {
    wrong.push(`the postcode (${current.map((address) => address.postcode ?? 'none').join(', ') || 'no address'})`);
  }
  if (pafKey && !current.some((address) => address.pafKey === pafKey)) wrong.push('the address key');
  return wrong;
}

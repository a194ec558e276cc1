/**
 * How PDS finds and verifies people, for every interface that asks it: HL7 messages, SMSP, MESH routing, FHIR. The rules are
 * those that the public PDS specifications give; where they are silent the choice is listed in the README.
 */
import { foldName, foldPostcode } from '../world/fold.ts';
import { TooManyCandidatesError } from '../world/patients.ts';
import type { Patient, PatientName } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { currentAddresses, currentNames, isHiddenFrom } from './current.ts';
import { wildcardFits } from './wildcard.ts';

/** What a person is searched by. */
export interface TraceQuery {
  family: string;
  given?: string[] | undefined;
  gender?: string | undefined;
  /** HL7 digits; shorter ones match by what they have where partial dates are allowed. */
  dateOfBirth: string;
  postcode?: string | undefined;
  dateOfDeath?: string | undefined;
  /** Key of a current address. */
  pafKey?: string | undefined;
}

export type TraceResult = { outcome: 'match'; patient: Patient } | { outcome: 'none' } | Several;

export interface Several {
  outcome: 'several';
  /** NHS numbers of those who were found. */
  found: string[];
  /** There may be more: the search was too wide to look at all who may be meant. */
  more: boolean;
}

/** So many are told by number. */
const MOST_TOLD = 5;

/** Who fits, in words for developers: `2 people fit: 9996030008, 9996040003`. */
export function whoFits({ found, more }: Several): string {
  if (more) return 'too many people fit, or may: more would have to be looked at than a trace looks at';
  const told = found.slice(0, MOST_TOLD).join(', ');
  return `${found.length} people fit: ${told}${found.length > MOST_TOLD ? ' ...' : ''}`;
}

/**
 * One person or nothing: exact family name, date of birth and, where given, gender; given names, postcode and date of death
 * narrow it. Superseded and invalid records never match; a sensitive one not by its postcode.
 */
export async function traceUnique(world: World, query: TraceQuery, today: string): Promise<TraceResult> {
  const { family, dateOfBirth, gender, given } = query;
  const found = new Map<string, Patient>();
  try {
    for await (const candidate of world.patients.candidates({ family, dateOfBirth, gender, given: given?.[0] })) {
      if (candidate.invalid || !fits(candidate, query, today)) continue;
      const live = await world.patients.live(candidate.nhsNumber);
      if (!live || live.patient.invalid || isHiddenFrom(live.patient, query)) continue;
      found.set(live.patient.nhsNumber, live.patient);
    }
  } catch (error) {
    if (!(error instanceof TooManyCandidatesError)) throw error;
    // That nobody else fits can't be said.
    return { outcome: 'several', found: [...found.keys()], more: true };
  }
  const [patient] = found.values();
  if (!patient) return { outcome: 'none' };
  return found.size === 1
    ? { outcome: 'match', patient }
    : { outcome: 'several', found: [...found.keys()], more: false };
}

function fits(patient: Patient, query: TraceQuery, today: string): boolean {
  if (query.gender !== undefined && patient.gender !== query.gender) return false;
  if (!patient.dateOfBirth?.startsWith(query.dateOfBirth.slice(0, 8))) return false;
  if (query.dateOfDeath && !patient.dateOfDeath?.startsWith(query.dateOfDeath.slice(0, 8))) return false;
  if ((query.postcode || query.pafKey) && !livesAt(patient, query, today)) return false;
  return currentNames(patient, today).some((name) => namesFit(name, query));
}

/** One address has both, where both are asked for. */
function livesAt(patient: Patient, { postcode, pafKey }: TraceQuery, today: string): boolean {
  const wanted = postcode && foldPostcode(postcode);
  return currentAddresses(patient, today).some((address) => {
    if (pafKey && address.pafKey !== pafKey) return false;
    return !wanted || (address.postcode !== undefined && wildcardFits(wanted, foldPostcode(address.postcode)));
  });
}

function namesFit(name: PatientName, query: TraceQuery): boolean {
  if (!wildcardFits(foldName(query.family), foldName(name.family))) return false;
  return (query.given ?? []).every((given, index) => {
    const own = name.given[index];
    return own !== undefined && wildcardFits(foldName(given), foldName(own));
  });
}

const YEAR_LENGTH = 4;

export interface CrossCheckQuery {
  nhsNumber: string;
  /** HL7 digits. */
  dateOfBirth: string;
  given?: string | undefined;
  family?: string | undefined;
}

/** Whether a name that begins alike makes up for one part of the date of birth. */
export type CrossCheckRule = 'nameHelps' | 'dateOnly';

export type CrossCheckResult =
  /** `supersededBy`: the number asked for was merged into the patient's. */
  | { outcome: 'verified'; patient: Patient; superseded: boolean }
  | { outcome: 'mismatch'; reason: string }
  | { outcome: 'unknown' }
  | { outcome: 'invalid' };

/** Whether number and date of birth (with the help of a name, where the date is doubtful) belong to one person. */
export async function crossCheck(
  world: World,
  query: CrossCheckQuery,
  rule: CrossCheckRule = 'nameHelps',
): Promise<CrossCheckResult> {
  const live = await world.patients.live(query.nhsNumber);
  if (!live) return { outcome: 'unknown' };
  const { patient, via } = live;
  if (patient.invalid) return { outcome: 'invalid' };
  const born = patient.dateOfBirth?.slice(0, 8) ?? '';
  const asked = query.dateOfBirth.slice(0, 8);
  // A date that is known in part, here or there, is equal as far as both go.
  const known = Math.min(born.length, asked.length);
  if (known >= YEAR_LENGTH && born.slice(0, known) === asked.slice(0, known))
    return { outcome: 'verified', patient, superseded: via.length > 0 };
  if (!/^\d+$/.test(asked)) return { outcome: 'mismatch', reason: `"${asked}" is no date of birth` };
  if (born === '') return { outcome: 'mismatch', reason: 'the record has no date of birth' };
  const led = via.length > 0 ? `, whom ${query.nhsNumber} leads to` : '';
  const differs = `the date of birth differs from ${born}, that of ${patient.nhsNumber}${led}`;
  if (rule === 'dateOnly') return { outcome: 'mismatch', reason: differs };
  const parts = equalParts(born, asked);
  if (parts < 2) return { outcome: 'mismatch', reason: `${differs}, in more than one part` };
  if (!query.family || !query.given) return { outcome: 'mismatch', reason: `${differs}, and no name helps` };
  const helped = patient.names.some((name) => resembles(name, query.family!, query.given!));
  if (helped) return { outcome: 'verified', patient, superseded: via.length > 0 };
  return { outcome: 'mismatch', reason: `${differs}, and so does the name` };
}

/** How many of year, month and day are equal. */
function equalParts(left: string, right: string): number {
  const parts = (date: string) => [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)];
  const other = parts(right);
  return parts(left).filter((part, index) => part !== '' && part === other[index]).length;
}

/** First three letters of the family name and the first of the given name. */
function resembles(name: PatientName, family: string, given: string): boolean {
  const familyFits = foldName(name.family).slice(0, 3) === foldName(family).slice(0, 3);
  return familyFits && foldName(name.given[0] ?? '').slice(0, 1) === foldName(given).slice(0, 1);
}

/**
 * Advanced trace: everybody who fits, best first. Alphanumeric: what is given must fit, wildcards and ranges allowed.
 * Algorithmic: the date of birth must fit, everything else only moves the score.
 */
import { foldName, foldPostcode } from '../world/fold.ts';
import { TooManyCandidatesError } from '../world/patients.ts';
import type { Patient, PatientItem, PatientName } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { currentNames, isCurrent, isHiddenFrom } from './current.ts';
import { isShortForm, soundex } from './likeness.ts';
import { wildcardFits } from './wildcard.ts';

export interface AdvancedQuery {
  family?: string | undefined;
  given: string[];
  gender?: string | undefined;
  /** HL7 digits of any precision, both ends included. */
  born?: { from: string; to: string } | undefined;
  died?: { from: string; to: string } | undefined;
  postcode?: string | undefined;
  pafKey?: string | undefined;
  /** ODS codes: the registered practice is one of them. */
  practices?: readonly string[] | undefined;
  nhsNumber?: string | undefined;
  /** Names and addresses that have ended are compared too. */
  history: boolean;
}

export interface Match {
  patient: Patient;
  /** Percent. */
  score: number;
}

export interface Matches {
  /** Best first. */
  matches: Match[];
  /** There are more, or may be: the search was too wide to look at all who may be meant. */
  more: boolean;
}

/** Assumed. */
const PENALTY = {
  familySounds: 7,
  swapped: 8,
  givenAlike: 5,
  pastName: 4,
  postcode: 6,
  outwardOnly: 3,
  gender: 5,
  practice: 1,
  died: 2,
} as const;

/** More matches than any interface shows: the answer is then that they are too many, and the rest need not be looked at. */
const ENOUGH_MATCHES = 200;

/** Inward part of a postcode: a digit and two letters. */
const INWARD_LENGTH = 3;

/** All given parts fit. Wildcards: `*` at the end of family name, first given name or postcode. */
export function traceAlphanumeric(world: World, query: AdvancedQuery, today: string): Promise<Matches> {
  const { family, born, postcode, gender } = query;
  const dateOfBirth = born && (born.from === born.to ? born.from : born);
  const criteria = { family, dateOfBirth, postcode, given: query.given[0], gender };
  return traced(world, criteria, query, 100, (patient) => (fits(patient, query, today) ? 100 : 0));
}

/** The date of birth is right; the rest is scored, history always included. Nobody below `lowest` (percent) is in it. */
export function traceAlgorithmic(world: World, query: AdvancedQuery, today: string, lowest: number): Promise<Matches> {
  const { born } = query;
  const dateOfBirth = born && (born.from === born.to ? born.from : born);
  return traced(world, { dateOfBirth }, query, lowest, (patient) => score(patient, query, today));
}

async function traced(
  world: World,
  criteria: Parameters<World['patients']['find']>[0],
  query: AdvancedQuery,
  lowest: number,
  rate: (patient: Patient) => number,
): Promise<Matches> {
  const best = new Map<string, Match>();
  let more = false;
  try {
    for await (const candidate of world.patients.candidates(criteria)) {
      more = best.size >= ENOUGH_MATCHES;
      if (more) break;
      const rated = candidate.invalid ? 0 : rate(candidate);
      if (rated === 0 || rated < lowest) continue;
      // A superseded record stands for its survivor.
      const live = await world.patients.live(candidate.nhsNumber);
      if (!live || live.patient.invalid || isHiddenFrom(live.patient, query)) continue;
      const { nhsNumber } = live.patient;
      if ((best.get(nhsNumber)?.score ?? 0) < rated) best.set(nhsNumber, { patient: live.patient, score: rated });
    }
  } catch (error) {
    if (!(error instanceof TooManyCandidatesError)) throw error;
    more = true;
  }
  const matches = [...best.values()];
  matches.sort((a, b) => b.score - a.score || (a.patient.nhsNumber < b.patient.nhsNumber ? -1 : 1));
  return { matches, more };
}

function fits(patient: Patient, query: AdvancedQuery, today: string): boolean {
  const { gender, born, died, postcode, pafKey, practices, nhsNumber, history } = query;
  if (nhsNumber && patient.nhsNumber !== nhsNumber) return false;
  if (gender !== undefined && patient.gender !== gender) return false;
  if (born && !within(patient.dateOfBirth, born)) return false;
  if (died && !within(patient.dateOfDeath, died)) return false;
  if (practices && !registeredAt(patient, practices)) return false;
  const searched = (item: PatientItem) => history || isCurrent(item, today);
  const wanted = postcode && foldPostcode(postcode);
  if (wanted || pafKey) {
    const lives = patient.addresses.filter(searched).some((address) => {
      if (pafKey && address.pafKey !== pafKey) return false;
      return !wanted || (address.postcode !== undefined && wildcardFits(wanted, foldPostcode(address.postcode)));
    });
    if (!lives) return false;
  }
  const names = history ? patient.names : currentNames(patient, today);
  return names.some((name) => namesFit(name, query));
}

const registeredAt = ({ gp }: Patient, practices: readonly string[]) => gp !== undefined && practices.includes(gp.ods);

function namesFit(name: PatientName, { family, given }: AdvancedQuery): boolean {
  if (family && !wildcardFits(foldName(family), foldName(name.family))) return false;
  return given.every((wanted, index) => {
    const own = name.given[index];
    return own !== undefined && wildcardFits(foldName(wanted), foldName(own));
  });
}

/** Dates of any precision: the stored one lies in the range, as far as both say. */
function within(date: string | undefined, { from, to }: { from: string; to: string }): boolean {
  if (date === undefined) return false;
  const cut = (text: string) => text.slice(0, Math.min(8, date.length));
  const day = date.slice(0, 8);
  return day.slice(0, from.length) >= cut(from) && day.slice(0, to.length) <= cut(to);
}

function score(patient: Patient, query: AdvancedQuery, today: string): number {
  const { born, gender, postcode, practices, nhsNumber, died } = query;
  if (nhsNumber && patient.nhsNumber !== nhsNumber) return 0;
  if (born && !within(patient.dateOfBirth, born)) return 0;
  const name = Math.min(...patient.names.map((own) => namePenalty(own, query, today)));
  let penalty = name + (postcode ? postcodePenalty(patient, foldPostcode(postcode)) : 0);
  if (gender !== undefined && patient.gender !== gender) penalty += PENALTY.gender;
  if (practices && !registeredAt(patient, practices)) penalty += PENALTY.practice;
  if (died && !within(patient.dateOfDeath, died)) penalty += PENALTY.died;
  return 100 - penalty;
}

/** 100 for a name that is another. */
function namePenalty(own: PatientName, { family, given }: AdvancedQuery, today: string): number {
  const past = isCurrent(own, today) ? 0 : PENALTY.pastName;
  const straight =
    part(family, own.family, PENALTY.familySounds, false) + part(given[0], own.given[0], PENALTY.givenAlike, true);
  if (family === undefined || given[0] === undefined) return straight + past;
  const swapped = foldName(family) === foldName(own.given[0] ?? '') && foldName(given[0]) === foldName(own.family);
  return Math.min(straight, swapped ? PENALTY.swapped : 100) + past;
}

function part(wanted: string | undefined, own: string | undefined, alike: number, shortForms: boolean): number {
  if (wanted === undefined) return 0;
  if (own === undefined) return 100;
  if (foldName(wanted) === foldName(own)) return 0;
  return soundex(wanted) === soundex(own) || (shortForms && isShortForm(wanted, own)) ? alike : 100;
}

function postcodePenalty({ addresses }: Patient, wanted: string): number {
  const own = addresses.flatMap(({ postcode }) => (postcode === undefined ? [] : [foldPostcode(postcode)]));
  if (own.includes(wanted)) return 0;
  const outward = (postcode: string) => postcode.slice(0, -INWARD_LENGTH);
  return own.some((postcode) => outward(postcode) === outward(wanted)) ? PENALTY.outwardOnly : PENALTY.postcode;
}

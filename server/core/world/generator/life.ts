/** One invented life: born, named, moved, registered, ill at ease with the odd special state, as often as people are. */
import type { Patient, PatientAddress, PatientName, PatientRegistration, PatientTelecom } from '../types.ts';
import { bulkFamily, bulkGiven, bulkLines, bulkPostcode } from './bulkWords.ts';
import type { Draw } from './draw.ts';

/** Share of the population by age at its lower end; an invented pyramid in the shape of that of a European country. */
const AGES: readonly (readonly [share: number, from: number, years: number])[] = [
  [0.17, 0, 16],
  [0.23, 16, 18],
  [0.26, 34, 19],
  [0.2, 53, 16],
  [0.11, 69, 13],
  [0.03, 82, 18],
];

/** How often something is so. Assumed: what a load test should meet now and then, not what a census says. */
const SHARE = {
  dead: 0.04,
  formally: 0.9,
  sensitive: 0.003,
  noPractice: 0.015,
  middleName: 0.6,
  marriedName: 0.35,
  moved: 0.45,
  movedAgain: 0.15,
  mobile: 0.8,
  homePhone: 0.55,
  email: 0.5,
  pharmacy: 0.3,
  temporaryAddress: 0.01,
} as const;

const DAY_MS = 86_400_000;
const YEAR_DAYS = 365.25;

export interface Setting {
  asOf: string;
  practices: readonly string[];
}

/** Days since 1970 as `YYYY-MM-DD`. */
const iso = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export function patientOf(nhsNumber: string, draw: Draw, { asOf, practices }: Setting): Patient {
  const today = Date.parse(asOf) / DAY_MS;
  const born = bornOn(draw, today);
  const adult = today - born > 18 * YEAR_DAYS;
  const gender = draw.chance(0.505) ? '2' : '1';
  const dead = draw.chance(SHARE.dead) ? born + Math.floor((today - born) * (0.5 + draw.fraction() / 2)) : undefined;
  const last = dead ?? today;
  const moves = movesOf(draw, born, last, adult);
  const names = namesOf(draw, { born, last, gender, adult });
  const { gp, gpHistory } = registrations(draw, moves, practices, dead);
  const patient: Patient = {
    nhsNumber,
    scn: moves.length + names.length,
    names,
    gender,
    dateOfBirth: iso(born).replaceAll('-', ''),
    addresses: addressesOf(draw, moves, last),
    telecoms: telecomsOf(draw, nhsNumber, moves.at(-1)!),
    previousNhsContact: '1',
  };
  if (dead !== undefined) {
    patient.dateOfDeath = iso(dead).replaceAll('-', '');
    patient.deathStatus = draw.chance(SHARE.formally) ? '2' : '1';
  }
  if (gp) patient.gp = gp;
  else if (dead === undefined) Object.assign(patient, { removalReason: 'EMB', removalDate: iso(moves.at(-1)!) });
  if (gpHistory.length > 0) patient.gpHistory = gpHistory;
  if (draw.chance(SHARE.pharmacy)) {
    patient.pharmacies = [
      { objectId: 'bPh0', type: 'P1', ods: draw.chance(0.7) ? 'ZFA01' : 'ZFA02', from: iso(moves.at(-1)!) },
    ];
  }
  if (draw.chance(SHARE.sensitive)) patient.confidentiality = 'S';
  return patient;
}

function bornOn(draw: Draw, today: number): number {
  let share = draw.fraction();
  const band = AGES.find(([part]) => {
    share -= part;
    return share < 0;
  });
  const [, from, years] = band ?? AGES.at(-1)!;
  return today - 1 - Math.floor((from + draw.fraction() * years) * YEAR_DAYS);
}

/** The days on which a home was moved into, the first that of the birth. */
function movesOf(draw: Draw, born: number, last: number, adult: boolean): number[] {
  const moves = [born];
  for (const share of adult ? [SHARE.moved, SHARE.movedAgain] : [SHARE.movedAgain]) {
    if (!draw.chance(share)) break;
    const from = moves.at(-1)!;
    const moved = from + 1 + Math.floor((last - from) * draw.fraction());
    if (moved < last) moves.push(moved);
  }
  return moves;
}

interface Named {
  born: number;
  last: number;
  gender: '1' | '2';
  adult: boolean;
}

function namesOf(draw: Draw, { born, last, gender, adult }: Named): PatientName[] {
  const given = [bulkGiven(draw, gender)];
  if (draw.chance(SHARE.middleName)) given.push(bulkGiven(draw, gender));
  const family = bulkFamily(draw);
  const prefix = gender === '1' ? (adult ? 'Mr' : 'Master') : adult ? 'Mrs' : 'Miss';
  const married = born + Math.floor((18 + draw.fraction() * 20) * YEAR_DAYS);
  if (gender === '1' || !adult || married >= last || !draw.chance(SHARE.marriedName)) {
    return [
      { objectId: 'bNa0', use: 'L', prefix: gender === '2' && adult ? 'Ms' : prefix, given, family, from: iso(born) },
    ];
  }
  return [
    { objectId: 'bNa1', use: 'L', prefix, given, family: bulkFamily(draw), from: iso(married) },
    { objectId: 'bNa0', use: 'PREVIOUS-MAIDEN', prefix: 'Miss', given, family, from: iso(born), to: iso(married - 1) },
  ];
}

/** The present home first, then the past ones, the newest first. */
function addressesOf(draw: Draw, moves: number[], last: number): PatientAddress[] {
  const addresses = moves.map((from, index): PatientAddress => {
    const to = moves[index + 1];
    const until = to === undefined ? {} : { to: iso(to - 1) };
    const home = { objectId: `bAd${index}`, use: 'H', lines: bulkLines(draw), postcode: bulkPostcode(draw) };
    return { ...home, from: iso(from), ...until };
  });
  addresses.reverse();
  if (draw.chance(SHARE.temporaryAddress)) {
    addresses.push({
      objectId: 'bAd9',
      use: 'TMP',
      lines: bulkLines(draw),
      postcode: bulkPostcode(draw),
      description: 'Care home',
      from: iso(last - 30),
      to: iso(last + 30),
    });
  }
  return addresses;
}

/** In the ranges that are kept free for drama: 01632 960000 to 960999, 07700 900000 to 900999. */
function telecomsOf(draw: Draw, nhsNumber: string, since: number): PatientTelecom[] {
  const from = iso(since);
  const tail = () => String(draw.int(1000)).padStart(3, '0');
  const telecoms: PatientTelecom[] = [];
  if (draw.chance(SHARE.homePhone))
    telecoms.push({ objectId: 'bTe0', use: 'HP', value: `tel:01632960${tail()}`, from });
  if (draw.chance(SHARE.mobile)) telecoms.push({ objectId: 'bTe1', use: 'MC', value: `tel:07700900${tail()}`, from });
  if (draw.chance(SHARE.email)) {
    telecoms.push({ objectId: 'bTe2', use: 'HP', value: `mailto:p${nhsNumber}@example.test`, from });
  }
  return telecoms;
}

/** A new practice with each move; the dead and those who left have none. */
function registrations(draw: Draw, moves: number[], practices: readonly string[], dead: number | undefined) {
  const all = moves.map((from, index): PatientRegistration => {
    const to = moves[index + 1];
    const until = to === undefined ? {} : { to: iso(to - 1) };
    return { objectId: `bGp${index}`, ods: draw.pickCommon(practices), from: iso(from), ...until };
  });
  const [gp, ...gpHistory] = all.reverse();
  if (dead === undefined && !draw.chance(SHARE.noPractice)) return { gp, gpHistory };
  return { gp: undefined, gpHistory: [{ ...gp!, to: iso(dead ?? moves.at(-1)! + 1) }, ...gpHistory] };
}

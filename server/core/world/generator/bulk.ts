/** Any number of plain patients for load tests, one at a time. */
import { Ids } from '../../ids/ids.ts';
import { checkDigit } from '../nhsNumber.ts';
import type { Patient } from '../types.ts';
import { Words } from './words.ts';

/** First nine digits of the first number; those from 9996 on are the named patients'. About nine million fit before them. */
const FIRST_NINE = 990_000_000;
const LAST_NINE = 999_599_999;

export interface BulkOptions {
  count: number;
  /** The same seed gives the same patients. */
  seed?: string;
  /** Practices to spread them over. */
  practices?: readonly string[];
}

/** Throws a RangeError when the numbers don't suffice. */
export function* generatePatients(options: BulkOptions): Generator<Patient> {
  const { count, seed = 'bulk', practices = ['Z99901', 'Z99902', 'Z99903', 'Z99904', 'Z99905'] } = options;
  const ids = new Ids(seed);
  const words = new Words(ids);
  let nine = FIRST_NINE;
  for (let made = 0; made < count; nine++) {
    if (nine > LAST_NINE) throw new RangeError(`there are numbers for ${made} patients only`);
    const digit = checkDigit(String(nine));
    if (digit === undefined) continue;
    made++;
    yield patientOf(`${nine}${digit}`, words, practices[ids.int(practices.length)]!, ids.int(2) === 0 ? '1' : '2');
  }
}

function patientOf(nhsNumber: string, words: Words, ods: string, gender: '1' | '2'): Patient {
  const { prefix, given, family } = words.person(gender);
  const dateOfBirth = words.day(1925, 2025);
  // Object ids need to differ within the patient only.
  const item = (objectId: string) => ({ objectId, from: dateOfBirth });
  return {
    nhsNumber,
    scn: 1,
    names: [{ ...item('bNa0'), use: 'L', prefix, given: [given], family }],
    gender,
    dateOfBirth: dateOfBirth.replaceAll('-', ''),
    addresses: [{ ...item('bAd0'), use: 'H', lines: words.lines(), postcode: words.postcode() }],
    telecoms: [{ ...item('bTe0'), use: 'HP', value: `tel:${words.phone('home')}` }],
    gp: { ...item('bGp0'), ods },
    previousNhsContact: '1',
  };
}

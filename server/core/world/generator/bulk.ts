/** Any number of patients for load tests, one at a time. */
import { Ids } from '../../ids/ids.ts';
import { checkDigit } from '../nhsNumber.ts';
import type { Patient } from '../types.ts';
import { Draw } from './draw.ts';
import { patientOf } from './life.ts';

/**
 * First nine digits, in the order in which they are used. 9996 are the named patients, 9997 to 9999 are left to those who add
 * or allocate numbers. Not all of a million fit into 999, which is never issued: those after the first 545,454 begin with 998
 * and 997, of the range that is kept for tests as well.
 */
const RANGES: readonly (readonly [from: number, to: number])[] = [
  [999_000_000, 999_599_999],
  [998_000_000, 998_999_999],
  [997_000_000, 997_999_999],
];

/** More numbers than this there are not. */
export const MAX_GENERATED = 2_300_000;

/** Nobody is born or moves after this day, so that a seed gives the same patients in every year. */
export const DEFAULT_AS_OF = '2026-01-01';

export interface BulkOptions {
  count: number;
  /** The same seed gives the same patients; with a larger count those come first too. */
  seed?: string | undefined;
  /** `YYYY-MM-DD`: the day on which they are as old as people are. */
  asOf?: string | undefined;
  /** Practices to spread them over, the first the largest. */
  practices?: readonly string[] | undefined;
}

const PRACTICES = ['Z99901', 'Z99902', 'Z99903', 'Z99904', 'Z99905'];

/** Records as the store keeps them: complete, with object ids. Throws a RangeError when the numbers don't suffice. */
export function* generatePatients(options: BulkOptions): Generator<Patient> {
  const { count, seed = 'bulk', asOf = DEFAULT_AS_OF, practices = PRACTICES } = options;
  if (count > MAX_GENERATED) throw new RangeError(`there are numbers for ${MAX_GENERATED} patients only`);
  const ids = new Ids(seed);
  let made = 0;
  for (const nhsNumber of numbers()) {
    if (made++ >= count) return;
    yield patientOf(nhsNumber, new Draw(ids), { asOf, practices });
  }
}

function* numbers(): Generator<string> {
  for (const [from, to] of RANGES) {
    for (let nine = from; nine <= to; nine++) {
      const digit = checkDigit(String(nine));
      if (digit !== undefined) yield `${nine}${digit}`;
    }
  }
}

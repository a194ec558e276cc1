/** Names and places for many: the same invented parts as those of the named patients, put together in more ways. */
import type { Draw } from './draw.ts';
import { FAMILY_HEADS, FAMILY_TAILS, FEMALE, MALE, STREETS, TOWNS } from './words.ts';

const GIVEN_ENDS = ['', 'a', 'el', 'in', 'is', 'ette', 'wyn', 'ora'];
const MALE_ENDS = ['', 'o', 'en', 'or', 'ard', 'win', 'ric', 'us'];
const FAMILY_ENDS = ['', 'er', 's', 'ley', 'ton', 'man', 'son', 'ett'];

const combined = (heads: readonly string[], tails: readonly string[]): string[] =>
  tails.flatMap((tail) => heads.map((head) => head + tail));

const FEMALE_GIVEN = combined(FEMALE, GIVEN_ENDS);
const MALE_GIVEN = combined(MALE, MALE_ENDS);
/** Some three thousand; the first are the common ones. */
const FAMILIES = combined(combined(FAMILY_HEADS, FAMILY_TAILS), FAMILY_ENDS);

const LETTERS = 'ABDEFGHJLNPQRSTUWXYZ';

export function bulkGiven(draw: Draw, gender: '1' | '2'): string {
  return draw.pickCommon(gender === '1' ? MALE_GIVEN : FEMALE_GIVEN);
}

export function bulkFamily(draw: Draw): string {
  return draw.pickCommon(FAMILIES);
}

/** Five lines: house name, number and street, locality, town, county. */
export function bulkLines(draw: Draw): string[] {
  const street = `${1 + draw.int(240)} ${draw.pick(FAMILY_HEADS)} ${draw.pick(STREETS)}`;
  return [draw.chance(0.1) ? `Flat ${1 + draw.int(40)}` : '', street, '', draw.pickCommon(TOWNS), ''];
}

/** In the area ZZ, which there is not: some 300,000 of them. */
export function bulkPostcode(draw: Draw): string {
  const inward = `${draw.int(10)}${LETTERS[draw.int(LETTERS.length)]}${LETTERS[draw.int(LETTERS.length)]}`;
  return `ZZ${10 + draw.pickCommon(DISTRICTS)} ${inward}`;
}

const DISTRICTS = Array.from({ length: 80 }, (_, index) => index);

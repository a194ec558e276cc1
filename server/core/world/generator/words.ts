/** Invented names and places. The parts are ordinary words; no list of real people was used. */
import type { Ids } from '../../ids/ids.ts';

// biome-ignore format: a list of words reads better in rows
export const FEMALE = [
  'Alvara', 'Brisella', 'Cressaly', 'Dorinth', 'Elswith', 'Fennice', 'Gildara', 'Hesperel', 'Ismene', 'Jessamy',
  'Kerensa', 'Lunette', 'Mirabeth', 'Nerisse', 'Oriane', 'Petronel', 'Quilla', 'Rosamel', 'Sorrel', 'Tansy',
  'Ursaline', 'Vesperine', 'Wilmera', 'Xanthe', 'Ysolde', 'Zephira',
];

// biome-ignore format: a list of words reads better in rows
export const MALE = [
  'Aldous', 'Bramwell', 'Caspian', 'Dorrin', 'Evander', 'Farrow', 'Gideon', 'Halcyon', 'Ivander', 'Jorrick',
  'Kester', 'Leander', 'Merrick', 'Norrell', 'Osric', 'Peregrine', 'Quillon', 'Rufford', 'Stellan', 'Tobin',
  'Ulric', 'Valdric', 'Wystan', 'Xander', 'Yorrick', 'Zeben',
];

// biome-ignore format: a list of words reads better in rows
export const FAMILY_HEADS = [
  'Amber', 'Bracken', 'Copper', 'Drift', 'Elder', 'Fennel', 'Gorse', 'Harrow', 'Ivory', 'Juniper', 'Kestrel',
  'Lantern', 'Marl', 'Nettle', 'Otter', 'Pebble', 'Quill', 'Rowan', 'Sorrel', 'Thistle', 'Umber', 'Velvet',
  'Wren', 'Yarrow',
];

// biome-ignore format: a list of words reads better in rows
export const FAMILY_TAILS = [
  'beck', 'bury', 'combe', 'down', 'feather', 'field', 'gate', 'lock', 'mere', 'quay', 'ridge', 'shaw', 'stone',
  'thwaite', 'water', 'wick',
];

export const STREETS = ['Row', 'Lane', 'Steps', 'Court', 'Way', 'Gardens', 'Rise', 'Terrace', 'Close', 'Street'];
export const TOWNS = [
  'Testbridge',
  'Mockham',
  'Testhaven',
  'Stubford',
  'Fixture Magna',
  'Sampleton',
  'Dummerby',
  'Exampleham',
];

/** Postcodes in the area ZZ99, where nobody lives. */
const POSTCODES = ['ZZ99 3VZ', 'ZZ99 3WZ', 'ZZ99 3CZ'];

export interface PersonWords {
  prefix: string;
  given: string;
  family: string;
}

/** Draws words; the same `ids` seed gives the same words. */
export class Words {
  #ids: Ids;

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  given(gender: '1' | '2'): string {
    return this.#pick(gender === '1' ? MALE : FEMALE);
  }

  family(): string {
    return this.#pick(FAMILY_HEADS) + this.#pick(FAMILY_TAILS);
  }

  person(gender: '1' | '2'): PersonWords {
    const prefix = gender === '1' ? 'Mr' : this.#pick(['Mrs', 'Miss', 'Ms']);
    return { prefix, given: this.given(gender), family: this.family() };
  }

  /** Five lines: house name, number and street, locality, town, county. */
  lines(): string[] {
    const street = `${1 + this.#ids.int(180)} ${this.#pick(FAMILY_HEADS)} ${this.#pick(STREETS)}`;
    return ['', street, '', this.#pick(TOWNS), ''];
  }

  postcode(): string {
    return this.#pick(POSTCODES);
  }

  /** In the ranges that Ofcom keeps free for drama: 01632 960000 to 960999, 07700 900000 to 900999. */
  phone(kind: 'home' | 'mobile'): string {
    const tail = String(this.#ids.int(1000)).padStart(3, '0');
    return kind === 'home' ? `01632960${tail}` : `07700900${tail}`;
  }

  /** `YYYY-MM-DD` between two years, the first included. */
  day(fromYear: number, beforeYear: number): string {
    const start = Date.UTC(fromYear, 0, 1);
    const days = (Date.UTC(beforeYear, 0, 1) - start) / 86_400_000;
    return new Date(start + this.#ids.int(days) * 86_400_000).toISOString().slice(0, 10);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#ids.int(list.length)]!;
  }
}

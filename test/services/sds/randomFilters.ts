/** Random searches over the entries of a directory: most of their names and values are ones that entries have. */
import type { Entry } from '../../../server/services/sds/directory/entry.ts';
import type { Filter } from '../../../server/services/sds/protocol/filter.ts';

export type Random = (limit: number) => number;

export interface Vocabulary {
  /** Values by attribute name. */
  values: [name: string, values: string[]][];
  bases: string[];
}

export function vocabularyOf(entries: Entry[]): Vocabulary {
  const values = new Map<string, Set<string>>();
  for (const { attributes } of entries) {
    for (const [type, given] of attributes) {
      const known = values.get(type.name) ?? new Set();
      for (const value of given) known.add(value);
      values.set(type.name, known);
    }
  }
  return { values: [...values].map(([name, set]) => [name, [...set]]), bases: entries.map(({ dn }) => dn) };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!;

function respelt(random: Random, text: string): string {
  const way = random(6);
  if (way === 0) return text.toUpperCase();
  if (way === 1) return text.toLowerCase();
  if (way === 2) return ` ${text} `;
  return text;
}

/** A value of the attribute, mostly; sometimes another spelling, a part, or nonsense. */
function someValue(random: Random, values: string[]): string {
  const value = pick(random, values);
  const way = random(10);
  if (way === 0) return value.slice(0, 1 + random(value.length));
  if (way === 1) return `${value}x`;
  if (way === 2) return 'no such value';
  return respelt(random, value);
}

function substrings(random: Random, attribute: string, values: string[]): Filter {
  const value = pick(random, values);
  const cut = (from: number, to: number) => value.slice(from, to).trim() || 'x';
  const middle = random(value.length);
  const filter: Filter = { type: 'substrings', attribute, any: [] };
  if (random(2) === 0) filter.initial = cut(0, 1 + random(4));
  if (random(2) === 0) filter.any.push(respelt(random, cut(middle, middle + 1 + random(3))).trim());
  if (random(2) === 0 || (filter.initial === undefined && filter.any.length === 0))
    filter.final = cut(value.length - 1 - random(3), value.length);
  return filter;
}

export interface FilterOptions {
  /** Names that no attribute has. */
  unknownNames: boolean;
  extensible: boolean;
}

export function randomFilter(random: Random, words: Vocabulary, options: FilterOptions, depth = 0): Filter {
  const way = random(depth > 3 ? 7 : 12);
  if (way >= 7) {
    const type = pick(random, ['and', 'and', 'or', 'or', 'not'] as const);
    if (type === 'not') return { type, item: randomFilter(random, words, options, depth + 1) };
    const items = Array.from({ length: random(4) }, () => randomFilter(random, words, options, depth + 1));
    return { type, items };
  }
  const [name, values] = pick(random, words.values);
  const attribute =
    options.unknownNames && random(15) === 0 ? 'noSuchAttribute' : random(4) === 0 ? name.toLowerCase() : name;
  if (way === 0) return { type: 'present', attribute };
  if (way === 1) return substrings(random, attribute, values);
  if (way === 2)
    return {
      type: pick(random, ['greaterOrEqual', 'lessOrEqual'] as const),
      attribute,
      value: someValue(random, values),
    };
  if (way === 3 && options.extensible) {
    const rule = pick(random, [undefined, 'caseIgnoreMatch', 'caseExactMatch', '2.5.13.5']);
    return { type: 'extensible', attribute, rule, value: someValue(random, values), dnAttributes: random(4) === 0 };
  }
  return { type: 'equality', attribute, value: someValue(random, values) };
}

/** What fits a request: postcodes by `?`, everything else by `*`. */
import type { PostalAddress } from '../../core/world/types.ts';
import type { Wanted } from './request.ts';

/** The longest text that is looked for; the fields of an address have at most 60 characters. */
const MAX_PATTERN = 120;

type Test = (text: string) => boolean;

/** All addresses that fit, in the order of the world. */
export function findAddresses(addresses: Iterable<PostalAddress>, wanted: Wanted): PostalAddress[] {
  const fits = matcher(wanted);
  return [...addresses].filter(fits);
}

function matcher({ lines, town, county, postcode }: Wanted): (address: PostalAddress) => boolean {
  const postcodeTest = postcode ? postcodePattern(postcode) : undefined;
  const townTest = town ? wildcard(town) : undefined;
  const countyTest = county ? wildcard(county) : undefined;
  // With a postcode a house number alone is enough; without one the street must be there.
  const lineTests = lines.map((line) => (postcode ? house(line) : wildcard(line)));
  return (address) =>
    (postcodeTest?.(address.postcode) ?? true) &&
    (townTest?.(address.town.toUpperCase()) ?? true) &&
    (countyTest?.((address.county ?? '').toUpperCase()) ?? true) &&
    lineTests.every((test) => address.lines.some((line) => test(line.toUpperCase())));
}

/** Blanks do not count: `zz991aa` is `ZZ99 1AA`. */
function postcodePattern(postcode: string): Test {
  const text = postcode.replaceAll(/\s+/g, '').slice(0, MAX_PATTERN);
  return (candidate) => {
    const bare = candidate.replace(' ', '');
    if (bare.length !== text.length) return false;
    for (let at = 0; at < text.length; at++) if (text[at] !== '?' && text[at] !== bare[at]) return false;
    return true;
  };
}

/** A house name or number may stand for the line that begins with it: `9` for `9 EXAMPLE WAY`, but not for `90 EXAMPLE WAY`. */
function house(text: string): Test {
  const whole = wildcard(text);
  return (line) => whole(line) || line.startsWith(`${text} `);
}

/** `*` stands for any characters, none included. Greedy, without backtracking, since `*` is all there is. */
function wildcard(pattern: string): Test {
  const text = pattern.replaceAll(/\s+/g, ' ').slice(0, MAX_PATTERN);
  if (!text.includes('*')) return (candidate) => candidate === text;
  const [first = '', ...rest] = text.split('*');
  const last = rest.pop() ?? '';
  return (candidate) => {
    if (!candidate.startsWith(first) || !candidate.endsWith(last)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = candidate.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return candidate.length - last.length >= at;
  };
}

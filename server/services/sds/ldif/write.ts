/** Entries as LDIF text (RFC 2849). */
import type { Entry } from '../directory/entry.ts';

/** Where lines are folded: OpenLDAP's tools fold at 76 characters. */
const FOLD = 76;

/** RFC 2849: what may stand behind a single colon; everything else is base64. */
const SAFE = /^(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )$/;

function line(name: string, value: string, fold: number): string {
  const whole = SAFE.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;
  if (whole.length <= fold) return `${whole}\n`;
  let text = `${whole.slice(0, fold)}\n`;
  for (let at = fold; at < whole.length; at += fold - 1) text += ` ${whole.slice(at, at + fold - 1)}\n`;
  return text;
}

/** One record with the empty line that ends it; without `fold` lines are as long as their values. */
export function writeLdifRecord(
  dn: string,
  attributes: readonly (readonly [name: string, values: readonly string[]])[],
  fold = Number.POSITIVE_INFINITY,
): string {
  let text = line('dn', dn, fold);
  for (const [name, values] of attributes) for (const value of values) text += line(name, value, fold);
  return `${text}\n`;
}

export function writeLdif(entry: Entry): string {
  return writeLdifRecord(
    entry.dn,
    entry.attributes.map(([type, values]) => [type.name, values]),
    FOLD,
  );
}

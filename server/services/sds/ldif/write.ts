/** Entries as LDIF text (RFC 2849). */
import type { Entry } from '../directory/entry.ts';

/** Where lines are folded: OpenLDAP's tools fold at 76 characters. */
const FOLD = 76;

/** RFC 2849: what may stand behind a single colon; everything else is base64. */
const SAFE = /^(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )$/;

function line(name: string, value: string): string {
  const whole = SAFE.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;
  if (whole.length <= FOLD) return `${whole}\n`;
  let text = `${whole.slice(0, FOLD)}\n`;
  for (let at = FOLD; at < whole.length; at += FOLD - 1) text += ` ${whole.slice(at, at + FOLD - 1)}\n`;
  return text;
}

/** One record with the empty line that ends it. */
export function writeLdifRecord(
  dn: string,
  attributes: readonly (readonly [name: string, values: readonly string[]])[],
): string {
  let text = line('dn', dn);
  for (const [name, values] of attributes) for (const value of values) text += line(name, value);
  return `${text}\n`;
}

export function writeLdif(entry: Entry): string {
  return writeLdifRecord(
    entry.dn,
    entry.attributes.map(([type, values]) => [type.name, values]),
  );
}

/** An entry as it goes into the directory, and as it comes out where its values are looked at one by one. */
import type { AttributeType } from '../schema/attributeType.ts';
import { attribute } from '../schema/schema.ts';

export type EntryAttribute = [type: AttributeType, values: string[]];

export interface Entry {
  /** As it is given to clients. */
  dn: string;
  /** User attributes in the order in which clients get them; no empty lists. */
  attributes: EntryAttribute[];
}

/** A value, several, or none: absent attributes are left out of the entry. */
export type Values = string | readonly string[] | undefined;

/** An entry from attribute names and values. Empty texts are no values (RFC 4517 3.3.6). */
export function makeEntry(dn: string, attributes: Record<string, Values>): Entry {
  const list: EntryAttribute[] = [];
  for (const [name, given] of Object.entries(attributes)) {
    const values =
      given === undefined ? [] : typeof given === 'string' ? [given] : given.filter((value) => value !== '');
    if (values.length > 0 && values[0] !== '') list.push([attribute(name), [...values]]);
  }
  return { dn, attributes: list };
}

/** Values of an attribute, or an empty list. */
export function valuesOf(entry: Entry, name: string): string[] {
  const type = attribute(name);
  return entry.attributes.find(([candidate]) => candidate === type)?.[1] ?? [];
}

/** What matching needs of an entry, wherever it is kept. */
export interface EntryView {
  /** Values of the type and of those that inherit from it; operational ones too. */
  values(type: AttributeType): readonly string[];
  /** As it is stored. */
  readonly dn: string;
}

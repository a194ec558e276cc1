/** An entry as texts: the root DSE, the subschema, and what rules read and make. */
import type { AttributeType } from '../schema/attributeType.ts';
import { findAttribute } from '../schema/schema.ts';
import type { Directory } from './directory.ts';
import type { EntryView } from './entry.ts';
import { operationalAttributes } from './operationalAttributes.ts';
import type { Selection } from './selection.ts';

export interface TextEntry {
  dn: string;
  attributes: [name: string, values: string[]][];
}

/** A text entry as matching sees it. */
export class TextView implements EntryView {
  #entry: TextEntry;

  constructor(entry: TextEntry) {
    this.#entry = entry;
  }

  values(type: AttributeType): string[] {
    return this.#entry.attributes.flatMap(([name, values]) => (findAttribute(name) === type ? values : []));
  }

  get dn(): string {
    return this.#entry.dn;
  }
}

/**
 * The attributes of a text entry that a search asks for. `+` gives all operational ones that it holds, whatever ordinary
 * entries have.
 */
export function selectText(entry: TextEntry, selection: Selection, typesOnly: boolean): TextEntry {
  const attributes: TextEntry['attributes'] = [];
  for (const [name, values] of entry.attributes) {
    const type = findAttribute(name)!;
    const given = selection.nameOf(type) ?? (selection.everyOperational && type.operational ? name : undefined);
    if (given !== undefined) attributes.push([given, typesOnly ? [] : values]);
  }
  return { dn: entry.dn, attributes };
}

/** An entry of the directory as a search that asks for these attributes gives it. */
export function storedText(directory: Directory, id: number, selection: Selection, typesOnly: boolean): TextEntry {
  const { dn, attributes } = directory.read(id);
  const all = [...attributes, ...operationalAttributes(directory, id, selection.operational)];
  return {
    dn,
    attributes: all.flatMap(([type, values]): TextEntry['attributes'] => {
      const name = selection.nameOf(type);
      return name === undefined ? [] : [[name, typesOnly ? [] : values]];
    }),
  };
}

/** Finds attribute types by name. The schema fills it; names and values are compared through it before the schema is whole. */
import type { AttributeType } from './attributeType.ts';

const byName = new Map<string, AttributeType>();

export function registerAttribute(type: AttributeType): void {
  for (const name of [type.oid, ...type.names]) {
    byName.set(name.toLowerCase(), type);
    // The canonical spelling is the common one, and found without making a lower-case copy.
    byName.set(name, type);
  }
}

/** The attribute type of a name or OID; undefined for unknown names and for descriptions with options. */
export function findAttribute(name: string): AttributeType | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}

/** Which entries hold a value: one index per attribute that look-ups name. */

import type { AttributeType } from '../schema/attributeType.ts';
import type { ObjectClass } from '../schema/objectClass.ts';
import { attribute, attributeTypes, classChain, findClass } from '../schema/schema.ts';
import { insertId, removeId } from './postings.ts';

/** What clients look entries up by; every other attribute is compared entry by entry. */
const INDEXED = [
  'objectClass',
  'uniqueIdentifier',
  'uid',
  'cn',
  'sn',
  'o',
  'ou',
  'postalCode',
  'nhsIDCode',
  'nhsMHSPartyKey',
  'nhsAsSvcIA',
  'nhsMhsSvcIA',
  'nhsMHsSN',
  'nhsMHsIN',
  'nhsMhsCPAId',
  'nhsMhsFQDN',
  'nhsAsClient',
  'nhsMhsManufacturerOrg',
  'nhsOrgTypeCode',
  'nhsOCSPRCode',
  'changenumber',
];

const NONE: readonly number[] = [];
const OBJECT_CLASS = attribute('objectClass');

const keysOfClasses = new Map<ObjectClass, string[]>();

function classKeys(objectClass: ObjectClass): string[] {
  let keys = keysOfClasses.get(objectClass);
  if (!keys) {
    keys = classChain(objectClass).map(({ name }) => name.toLowerCase());
    keysOfClasses.set(objectClass, keys);
  }
  return keys;
}

/**
 * The values an entry is found by. An object class is also found by the names of the classes above it and by OID
 * (RFC 4512 2.4): all go under the lower-case name.
 */
export function indexKeys(type: AttributeType, values: readonly string[]): string[] {
  const keys: string[] = [];
  for (const value of values) {
    if (type === OBJECT_CLASS) {
      const known = findClass(value);
      if (known) keys.push(...classKeys(known));
      else keys.push(value.toLowerCase());
    } else {
      const key = type.compare.normalize(value);
      if (key !== undefined) keys.push(key);
    }
  }
  return keys;
}

/** The same text outside the one that it was cut from: a key cut from a file would keep the whole piece of it in memory. */
const ownText = (key: string): string => ` ${key}`.slice(1);

/** One value has one entry more often than not: the id itself then saves the list. */
type Postings = Map<string, number | number[]>;

export class AttributeIndex {
  #byType: (Postings | undefined)[] = new Array(attributeTypes.length);

  constructor() {
    for (const name of INDEXED) this.#byType[attribute(name).id] = new Map();
  }

  clone(): AttributeIndex {
    const clone = new AttributeIndex();
    clone.#byType = this.#byType.map((postings) => {
      if (!postings) return undefined;
      const copy: Postings = new Map();
      for (const [key, ids] of postings) copy.set(key, typeof ids === 'number' ? ids : ids.slice());
      return copy;
    });
    return clone;
  }

  covers(type: AttributeType): boolean {
    return this.#byType[type.id] !== undefined;
  }

  /** Ids of the entries with a value of this normal form. The list must not be changed. */
  find(type: AttributeType, key: string): readonly number[] {
    const found = this.#byType[type.id]!.get(key);
    if (found === undefined) return NONE;
    return typeof found === 'number' ? [found] : found;
  }

  /** Normal forms of all values that an indexed attribute has. */
  keys(type: AttributeType): MapIterator<string> {
    return this.#byType[type.id]!.keys();
  }

  add(type: AttributeType, values: readonly string[], id: number): void {
    const postings = this.#byType[type.id];
    if (!postings) return;
    for (const key of indexKeys(type, values)) {
      const found = postings.get(key);
      if (found === undefined) postings.set(ownText(key), id);
      else if (typeof found !== 'number') insertId(found, id);
      else if (found !== id) postings.set(key, found < id ? [found, id] : [id, found]);
    }
  }

  remove(type: AttributeType, values: readonly string[], id: number): void {
    const postings = this.#byType[type.id];
    if (!postings) return;
    for (const key of indexKeys(type, values)) {
      const found = postings.get(key);
      if (found === id) {
        postings.delete(key);
      } else if (typeof found === 'object') {
        removeId(found, id);
        if (found.length === 0) postings.delete(key);
      }
    }
  }
}

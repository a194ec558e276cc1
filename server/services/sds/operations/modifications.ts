/** What add and modify make of an entry, before it is checked (RFC 4511 4.6 and 4.7). */
import { type Entry, type EntryAttribute, valuesOf } from '../directory/entry.ts';
import type { Modification, PartialAttribute } from '../protocol/message.ts';
import { ResultError } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import type { AttributeType } from '../schema/attributeType.ts';
import type { Rdn } from '../schema/dn.ts';
import { findAttribute } from '../schema/schema.ts';

const Change = { add: 0, delete: 1, replace: 2 } as const;

function writableType(name: string): AttributeType {
  const type = findAttribute(name);
  if (!type) throw new ResultError(ResultCode.undefinedAttributeType, `${name}: attribute type undefined`);
  if (type.operational)
    throw new ResultError(ResultCode.constraintViolation, `${type.name}: no user modification allowed`);
  return type;
}

const sameValue = (type: AttributeType, value: string) => {
  const key = type.compare.normalize(value);
  return (other: string) => other === value || type.compare.normalize(other) === key;
};

/** Values of the name that the list lacks are added, as directories of the OpenDJ family do. */
function withNameValues(attributes: EntryAttribute[], rdn: Rdn): void {
  for (const { type: name, value } of rdn) {
    const type = writableType(name);
    const held = attributes.find(([other]) => other === type);
    if (!held) attributes.push([type, [value]]);
    else if (!held[1].some(sameValue(type, value))) held[1].push(value);
  }
}

/** The entry that an add asks for. Throws a ResultError. */
export function addedEntry(dn: string, rdn: Rdn, given: readonly PartialAttribute[]): Entry {
  const attributes: EntryAttribute[] = [];
  for (const { name, values } of given) {
    const type = writableType(name);
    if (values.length === 0) throw new ResultError(ResultCode.protocolError, `${name}: no values given`);
    const held = attributes.find(([other]) => other === type);
    if (held) for (const value of values) held[1].push(value);
    else attributes.push([type, [...values]]);
  }
  withNameValues(attributes, rdn);
  return { dn, attributes };
}

/**
 * Values by what they are compared by. A message may have tens of thousands of values, in as many changes: each is looked up, not
 * searched for.
 */
type Values = Map<string, string>;

const keyOf = (type: AttributeType, value: string): string => type.compare.normalize(value) ?? value;

/** The entry after the changes, in their order. Throws a ResultError. */
export function modifiedEntry(entry: Entry, rdn: Rdn, changes: readonly Modification[]): Entry {
  const attributes = new Map<AttributeType, Values>();
  for (const [type, values] of entry.attributes) {
    attributes.set(type, new Map(values.map((value) => [keyOf(type, value), value])));
  }
  for (const { operation, attribute } of changes) {
    const type = writableType(attribute.name);
    const held = attributes.get(type) ?? new Map();
    change(type, held, operation, attribute.values);
    if (held.size > 0) attributes.set(type, held);
    else attributes.delete(type);
  }
  for (const { type: name, value } of rdn) {
    const type = writableType(name);
    if (!attributes.get(type)?.has(keyOf(type, value))) {
      throw new ResultError(ResultCode.notAllowedOnRDN, `${name}: a value of the name cannot be removed`);
    }
  }
  return { dn: entry.dn, attributes: [...attributes].map(([type, values]) => [type, [...values.values()]]) };
}

function change(type: AttributeType, held: Values, operation: number, given: readonly string[]): void {
  switch (operation) {
    case Change.add:
      if (given.length === 0) throw new ResultError(ResultCode.protocolError, `${type.name}: no values given`);
      addValues(type, held, given);
      return;
    case Change.delete:
      deleteValues(type, held, given);
      return;
    case Change.replace:
      held.clear();
      addValues(type, held, given);
      return;
    default:
      throw new ResultError(ResultCode.protocolError, `unknown modification ${operation}`);
  }
}

function addValues(type: AttributeType, held: Values, given: readonly string[]): void {
  for (const value of given) {
    const key = keyOf(type, value);
    if (held.has(key)) throw new ResultError(ResultCode.attributeOrValueExists, `${type.name}: value is there already`);
    held.set(key, value);
  }
}

/** All of them when none is given. */
function deleteValues(type: AttributeType, held: Values, given: readonly string[]): void {
  const keys = new Set(given.map((value) => keyOf(type, value)));
  let missing = held.size === 0;
  for (const key of given.length === 0 ? [...held.keys()] : keys) missing = !held.delete(key) || missing;
  if (missing) throw new ResultError(ResultCode.noSuchAttribute, `${type.name}: no such value`);
}

/** The entry under a new name (RFC 4511 4.9). What else of it shows its key follows. Throws a ResultError. */
export function renamedEntry(entry: Entry, dn: string, oldRdn: Rdn, newRdn: Rdn, deleteOldRdn: boolean): Entry {
  const attributes = entry.attributes.map(([type, values]): EntryAttribute => [type, [...values]]);
  if (deleteOldRdn) {
    for (const { type: name, value } of oldRdn) {
      const held = attributes.find(([type]) => type === findAttribute(name));
      if (held) held[1] = held[1].filter((other) => !sameValue(held[0], value)(other));
    }
  }
  for (const { type: name, value } of newRdn) {
    const type = writableType(name);
    const held = attributes.find(([other]) => other === type);
    // The first value is the one that a record keeps.
    if (held) held[1].unshift(value);
    else attributes.push([type, [value]]);
  }
  const key = newRdn[0]!.value;
  for (const [type, values] of attributes) {
    // A message handler's CPA id, and an organisation's ODS code, are its key once more.
    const shown = type.name === 'nhsMhsCPAId' || (type.name === 'nhsIDCode' && isOrganisation(entry));
    if (shown && values[0] === oldRdn[0]!.value) values[0] = key;
  }
  return { dn, attributes: attributes.filter(([, values]) => values.length > 0) };
}

const ORGANISATION_CLASSES = new Set(['nhsorg', 'nhsgppractice', 'nhssite', 'nhsdept']);

const isOrganisation = (entry: Entry): boolean =>
  valuesOf(entry, 'objectClass').some((name) => ORGANISATION_CLASSES.has(name.toLowerCase()));

/** Puts an LDIF file into a directory. What breaks the schema is warned of, but loaded: real exports do. */
import { isAscii } from 'node:buffer';
import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { Directory } from '../directory/directory.ts';
import { type Entry, type EntryAttribute, valuesOf } from '../directory/entry.ts';
import type { AttributeType } from '../schema/attributeType.ts';
import { parseDn } from '../schema/dn.ts';
import type { ObjectClass } from '../schema/objectClass.ts';
import { attribute, attributeTypes, classChain, findAttribute, findClass } from '../schema/schema.ts';
import { LdifParser } from './parser.ts';
import type { LdifRecord, LdifWarning } from './record.ts';

/** Octets read at a time. */
const READ_BYTES = 1 << 20;

/** Octets made text at a time: texts much larger lie outside the young heap, and take fresh memory for each. */
const TEXT_BYTES = 64 << 10;

/** A file with one mistake in each record would otherwise fill the memory with warnings. */
const MAX_WARNINGS = 1000;

export interface LdifLoad {
  /** Entries added or replaced. */
  entries: number;
  /** Entries left out because the caller said so. */
  leftOut: number;
  /** At most a thousand. */
  warnings: LdifWarning[];
}

/**
 * Loads a file; a first entry without a parent becomes a suffix. `at` is the time of the change in milliseconds; entries with a
 * name that `leaveOut` is true of are counted only.
 */
export async function loadLdif(
  directory: Directory,
  path: string,
  at: number,
  leaveOut: (dn: string) => boolean = () => false,
): Promise<LdifLoad> {
  const load: LdifLoad = { entries: 0, leftOut: 0, warnings: [] };
  const warn = (warning: LdifWarning) => {
    if (load.warnings.length < MAX_WARNINGS) load.warnings.push(warning);
  };
  const parser = new LdifParser((record) => {
    if (leaveOut(record.dn)) {
      load.leftOut++;
      return;
    }
    try {
      directory.put(toEntry(record, warn), at, directory.size === 0);
      load.entries++;
    } catch (error) {
      warn({ line: record.line, message: `${record.dn} is left out: ${(error as Error).message}` });
    }
  }, warn);
  for await (const text of textOf(path)) parser.push(text);
  parser.end();
  return load;
}

/** The text of a UTF-8 file, piece by piece. Most exports are plain ASCII, which needs no decoder: that takes a tenth less time. */
async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let plain = true;
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES);
      if (bytesRead === 0) break;
      for (let at = 0; at < bytesRead; at += TEXT_BYTES) {
        const piece = buffer.subarray(at, Math.min(at + TEXT_BYTES, bytesRead));
        plain &&= isAscii(piece);
        yield plain ? piece.toString('latin1') : decoder.write(piece);
      }
    }
  } finally {
    await file.close();
  }
  yield decoder.end();
}

/** Where each type stands in the entry that is made just now; what it says of another entry is found out by looking there. */
const places = new Uint16Array(attributeTypes.length);

/** The entry of a record: known user attributes, empty values left out, the values of its RDN added where they lack. */
export function toEntry(record: LdifRecord, warn: (warning: LdifWarning) => void): Entry {
  const attributes: EntryAttribute[] = [];
  const heldOf = (type: AttributeType) => {
    const held = attributes[places[type.id]!];
    return held?.[0] === type ? held[1] : undefined;
  };
  const add = (type: AttributeType, values: string[]) => {
    places[type.id] = attributes.length;
    attributes.push([type, values]);
  };
  for (const [name, values] of record.attributes) {
    const type = findAttribute(name);
    if (!type) {
      warn({ line: record.line, message: `${record.dn}: no attribute ${name}` });
    } else if (!type.operational) {
      const kept = values.includes('') ? values.filter((value) => value !== '') : values;
      const held = heldOf(type);
      if (held) for (const value of kept) held.push(value);
      else if (kept.length > 0) add(type, kept);
    }
  }
  for (const [type, values] of attributes) {
    if (!type.single || values.length === 1) continue;
    warn({ line: record.line, message: `${record.dn}: ${type.name} has ${values.length} values` });
  }
  for (const { type: name, value } of parseDn(record.dn)?.[0] ?? []) {
    const type = findAttribute(name);
    if (!type) continue;
    const held = heldOf(type);
    if (!held) add(type, [value]);
    else if (!held.includes(value)) {
      const key = type.compare.normalize(value);
      if (!held.some((one) => type.compare.normalize(one) === key)) held.push(value);
    }
  }
  const entry = { dn: record.dn, attributes };
  for (const missing of missingAttributes(entry)) {
    warn({ line: record.line, message: `${record.dn}: ${missing} is missing` });
  }
  return entry;
}

const mandatory = new Map<ObjectClass, AttributeType[]>();

/** What a class and those above it demand. */
function mandatoryOf(objectClass: ObjectClass): AttributeType[] {
  let types = mandatory.get(objectClass);
  if (!types) {
    types = classChain(objectClass).flatMap(({ must }) => must.map(attribute));
    mandatory.set(objectClass, types);
  }
  return types;
}

/** Attributes that the entry's classes demand and it does not have (RFC 4512 2.4). */
export function missingAttributes(entry: Entry): string[] {
  const missing: string[] = [];
  for (const name of valuesOf(entry, 'objectClass')) {
    const objectClass = findClass(name);
    if (!objectClass) continue;
    for (const type of mandatoryOf(objectClass)) {
      if (!entry.attributes.some(([held]) => held === type) && !missing.includes(type.name)) missing.push(type.name);
    }
  }
  return missing;
}

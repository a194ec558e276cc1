/**
 * Entries as encoded octets and rows of numbers. One object per entry would take three times the memory and makes cold
 * entries slow; here every attribute of every entry is encoded once, and an answer is made by copying slices.
 */

import { Tag } from '../ber/tag.ts';
import { BerWriter } from '../ber/writer.ts';
import { Arena } from './arena.ts';
import type { Entry } from './entry.ts';

/** Row of an entry that was removed. */
const GONE = 0xffffffff;

/** Less is not worth the copying: some thousand changes. */
const MIN_WASTED_BYTES = 8 << 20;

/** An entry and the slots of its attributes: slot 0 is the name, the last one only marks the end. */
const EXTRA_SLOTS = 2;

function grown<A extends Uint32Array | Uint16Array | Int32Array | Float64Array>(array: A, needed: number): A {
  if (needed <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}

export class EntryTable {
  arena = new Arena();
  /** Number of rows, removed ones included; ids are below it. */
  rows = 0;
  #scratch = new BerWriter(4096);
  #offsets: number[] = [];
  #slots = 0;
  /** Octets of the versions of entries that are no longer there. */
  #wasted = 0;
  /** Of slots: place of the encoded attribute, and number of its type. */
  position = new Uint32Array(1024);
  type = new Uint16Array(1024);
  /** Of rows. */
  firstSlot = new Uint32Array(64);
  slotCount = new Uint16Array(64);
  parent = new Int32Array(64);
  createdAt = new Float64Array(64);
  modifiedAt = new Float64Array(64);

  isGone(id: number): boolean {
    return this.firstSlot[id] === GONE;
  }

  /** Adds a row and returns its id. Ids only rise, so that lists of them stay in order. */
  add(entry: Entry, parent: number, at: number): number {
    const id = this.rows;
    this.firstSlot = grown(this.firstSlot, id + 1);
    this.slotCount = grown(this.slotCount, id + 1);
    this.parent = grown(this.parent, id + 1);
    this.createdAt = grown(this.createdAt, id + 1);
    this.modifiedAt = grown(this.modifiedAt, id + 1);
    this.#write(id, entry);
    this.rows++;
    this.parent[id] = parent;
    this.createdAt[id] = at;
    this.modifiedAt[id] = at;
    return id;
  }

  /** Appends the new version of an entry and lets its row point there; the old octets stay as they are. */
  replace(id: number, entry: Entry, at: number): void {
    this.#waste(id);
    this.#write(id, entry);
    this.modifiedAt[id] = at;
    this.#compact();
  }

  remove(id: number): void {
    this.#waste(id);
    this.firstSlot[id] = GONE;
    this.#compact();
  }

  /** A table with the same rows, of which each can be changed without the other. */
  clone(): EntryTable {
    const clone = new EntryTable();
    clone.arena = this.arena.clone();
    clone.rows = this.rows;
    clone.#slots = this.#slots;
    clone.#wasted = this.#wasted;
    clone.position = this.position.slice();
    clone.type = this.type.slice();
    clone.firstSlot = this.firstSlot.slice();
    clone.slotCount = this.slotCount.slice();
    clone.parent = this.parent.slice();
    clone.createdAt = this.createdAt.slice();
    clone.modifiedAt = this.modifiedAt.slice();
    return clone;
  }

  #waste(id: number): void {
    const first = this.firstSlot[id]!;
    this.#wasted += this.position[first + this.slotCount[id]! + 1]! - this.position[first]!;
  }

  /** Copies what is in use together once more than half of the octets are not. Rows keep their ids. */
  #compact(): void {
    if (this.#wasted < MIN_WASTED_BYTES || this.#wasted * 2 < this.arena.bytes) return;
    const { arena, position, type } = this;
    const kept = new Arena();
    let slots = 0;
    const positions = new Uint32Array(position.length);
    const types = new Uint16Array(type.length);
    for (let id = 0; id < this.rows; id++) {
      if (this.isGone(id)) continue;
      const first = this.firstSlot[id]!;
      const count = this.slotCount[id]! + EXTRA_SLOTS;
      const from = position[first]!;
      const offset = arena.offset(from);
      const start = kept.append(arena.chunk(from).subarray(offset, offset + position[first + count - 1]! - from));
      for (let n = 0; n < count; n++) {
        positions[slots + n] = position[first + n]! - from + start;
        types[slots + n] = type[first + n]!;
      }
      this.firstSlot[id] = slots;
      slots += count;
    }
    this.arena = kept;
    this.position = positions;
    this.type = types;
    this.#slots = slots;
    this.#wasted = 0;
  }

  #write(id: number, entry: Entry): void {
    const { attributes } = entry;
    const writer = this.#scratch;
    const offsets = this.#offsets;
    writer.length = 0;
    writer.string(entry.dn);
    for (let n = 0; n < attributes.length; n++) {
      offsets[n] = writer.length;
      encodeAttribute(writer, attributes[n]![0].name, attributes[n]![1]);
    }
    const start = this.arena.append(writer.buffer.subarray(0, writer.length));
    const first = this.#slots;
    const count = attributes.length + EXTRA_SLOTS;
    this.position = grown(this.position, first + count);
    this.type = grown(this.type, first + count);
    this.position[first] = start;
    for (let n = 0; n < attributes.length; n++) {
      this.position[first + 1 + n] = start + offsets[n]!;
      this.type[first + 1 + n] = attributes[n]![0].id;
    }
    this.position[first + count - 1] = start + writer.length;
    this.#slots += count;
    this.firstSlot[id] = first;
    this.slotCount[id] = attributes.length;
  }

  /** The name of an entry as it was given. */
  dn(id: number): string {
    const slot = this.firstSlot[id]!;
    const chunk = this.arena.chunk(this.position[slot]!);
    const start = this.arena.offset(this.position[slot]!);
    return chunk.toString('utf8', contentStart(chunk, start), start + this.position[slot + 1]! - this.position[slot]!);
  }

  /** Adds the values in a slot to a list. */
  readValues(slot: number, into: string[]): void {
    const { arena, position } = this;
    const chunk = arena.chunk(position[slot]!);
    const start = arena.offset(position[slot]!);
    const end = start + position[slot + 1]! - position[slot]!;
    const name = contentStart(chunk, start);
    const set = name + 2 + chunk[name + 1]!;
    for (let at = contentStart(chunk, set); at < end; ) {
      const content = contentStart(chunk, at);
      const next = content + contentLength(chunk, at);
      into.push(chunk.toString('utf8', content, next));
      at = next;
    }
  }
}

/** PartialAttribute of RFC 4511 4.1.7. */
export function encodeAttribute(writer: BerWriter, name: string, values: readonly string[]): void {
  const attribute = writer.begin(Tag.Sequence);
  writer.string(name);
  const set = writer.begin(Tag.Set);
  for (const value of values) writer.string(value);
  writer.end(set);
  writer.end(attribute);
}

/** Where the content of the element at `at` begins. Only for octets that were encoded here. */
export function contentStart(bytes: Buffer, at: number): number {
  const length = bytes[at + 1]!;
  return length < 0x80 ? at + 2 : at + 2 + (length & 0x7f);
}

function contentLength(bytes: Buffer, at: number): number {
  const length = bytes[at + 1]!;
  return length < 0x80 ? length : bytes.readUIntBE(at + 2, length & 0x7f);
}

/** Entries to SearchResultEntry messages (RFC 4511 4.5.2). */
import { Tag } from '../ber/tag.ts';
import { BerWriter, elementBytes, headerBytes } from '../ber/writer.ts';
import { ResponseTag } from '../protocol/message.ts';
import type { Directory } from './directory.ts';
import { contentStart, type EntryTable, encodeAttribute } from './entryTable.ts';
import { operationalAttributes } from './operationalAttributes.ts';
import type { Selection } from './selection.ts';

/** Octets of an INTEGER that holds a message id. */
function idBytes(messageId: number): number {
  if (messageId < 0x80) return 3;
  if (messageId < 0x8000) return 4;
  return messageId < 0x800000 ? 5 : 6;
}

/** Makes room for a SearchResultEntry and writes all that stands before its attributes; `name` is the encoded DN. */
function beginEntry(
  writer: BerWriter,
  messageId: number,
  nameBytes: number,
  listBytes: number,
  writeName: () => void,
): void {
  const entryBytes = nameBytes + elementBytes(listBytes);
  const total = idBytes(messageId) + elementBytes(entryBytes);
  writer.reserve(headerBytes(total) + total);
  writer.header(Tag.Sequence, total);
  writer.integer(messageId);
  writer.header(ResponseTag.searchEntry, entryBytes);
  writeName();
  writer.header(Tag.Sequence, listBytes);
}

/** Copies entries of a directory as their octets lie there. One encoder serves one search. */
export class EntryEncoder {
  #table: EntryTable;
  #directory: Directory;
  #selection: Selection;
  #typesOnly: boolean;
  #operational = new BerWriter(64);

  constructor(directory: Directory, selection: Selection, typesOnly: boolean) {
    this.#directory = directory;
    this.#table = directory.table;
    this.#selection = selection;
    this.#typesOnly = typesOnly;
  }

  /** Writes an entry as part of the answer to the search of that message id. */
  write(writer: BerWriter, messageId: number, id: number): void {
    const table = this.#table;
    const nameSlot = table.firstSlot[id]!;
    const first = nameSlot + 1;
    const end = first + table.slotCount[id]!;
    const operational = this.#operational;
    operational.length = 0;
    if (this.#selection.operational.length > 0) this.#encodeOperational(id);
    const listBytes = this.#measure(first, end) + operational.length;
    const nameBytes = table.position[first]! - table.position[nameSlot]!;
    beginEntry(writer, messageId, nameBytes, listBytes, () => this.#copy(writer, nameSlot, first));
    if (this.#typesOnly) this.#writeTypes(writer, first, end);
    else this.#writeAttributes(writer, first, end);
    if (operational.length > 0) writer.raw(operational.buffer.subarray(0, operational.length));
  }

  #measure(first: number, end: number): number {
    const { type, position } = this.#table;
    const { wanted } = this.#selection;
    let bytes = 0;
    for (let slot = first; slot < end; slot++) {
      if (wanted[type[slot]!] === 0) continue;
      bytes += this.#typesOnly ? elementBytes(this.#nameBytes(slot) + 2) : position[slot + 1]! - position[slot]!;
    }
    return bytes;
  }

  /** Attributes that lie side by side are copied at once. */
  #writeAttributes(writer: BerWriter, first: number, end: number): void {
    const { type } = this.#table;
    const { wanted } = this.#selection;
    for (let slot = first; slot < end; ) {
      if (wanted[type[slot]!] === 0) {
        slot++;
        continue;
      }
      let last = slot + 1;
      while (last < end && wanted[type[last]!] !== 0) last++;
      const start = writer.length;
      this.#copy(writer, slot, last);
      if (this.#selection.spellings.length > 0) this.#respell(writer, start, slot, last);
      slot = last;
    }
  }

  /** Puts the spellings that were asked for over the stored ones: they have the same length. */
  #respell(writer: BerWriter, start: number, from: number, to: number): void {
    const { type, position } = this.#table;
    const { wanted } = this.#selection;
    for (let slot = from; slot < to; slot++) {
      const spelling = this.#selection.spellingOf(wanted[type[slot]!]!);
      if (!spelling) continue;
      const at = start + position[slot]! - position[from]!;
      spelling.copy(writer.buffer, contentStart(writer.buffer, at) + 2);
    }
  }

  /** Copies the octets of slots that follow each other; room for them has been made. */
  #copy(writer: BerWriter, from: number, to: number): void {
    const { arena, position } = this.#table;
    const offset = arena.offset(position[from]!);
    const length = position[to]! - position[from]!;
    arena.chunk(position[from]!).copy(writer.buffer, writer.length, offset, offset + length);
    writer.length += length;
  }

  /** Octets of the name of a slot with its header. */
  #nameBytes(slot: number): number {
    const { arena, position } = this.#table;
    const chunk = arena.chunk(position[slot]!);
    return 2 + chunk[contentStart(chunk, arena.offset(position[slot]!)) + 1]!;
  }

  #writeTypes(writer: BerWriter, first: number, end: number): void {
    const { arena, position, type } = this.#table;
    const { wanted } = this.#selection;
    for (let slot = first; slot < end; slot++) {
      if (wanted[type[slot]!] === 0) continue;
      const chunk = arena.chunk(position[slot]!);
      const name = contentStart(chunk, arena.offset(position[slot]!));
      const nameBytes = this.#nameBytes(slot);
      writer.header(Tag.Sequence, nameBytes + 2);
      const start = writer.length;
      writer.raw(chunk.subarray(name, name + nameBytes));
      this.#selection.spellingOf(wanted[type[slot]!]!)?.copy(writer.buffer, start + 2);
      writer.header(Tag.Set, 0);
    }
  }

  #encodeOperational(id: number): void {
    for (const [type, values] of operationalAttributes(this.#directory, id, this.#selection.operational)) {
      encodeAttribute(this.#operational, this.#selection.nameOf(type)!, this.#typesOnly ? [] : values);
    }
  }
}

/** Writes an entry that is kept as texts: the root DSE, the subschema, and what a rule made. */
export function writeTextEntry(
  writer: BerWriter,
  messageId: number,
  dn: string,
  attributes: readonly (readonly [name: string, values: readonly string[]])[],
): void {
  const list = new BerWriter(4096);
  for (const [name, values] of attributes) encodeAttribute(list, name, values);
  beginEntry(writer, messageId, elementBytes(Buffer.byteLength(dn)), list.length, () => writer.string(dn));
  writer.raw(list.buffer.subarray(0, list.length));
}

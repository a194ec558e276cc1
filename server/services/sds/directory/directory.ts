/** The entries of one space: the tree of their names, their attributes, and what they are found by. */

import type { AttributeType } from '../schema/attributeType.ts';
import { normalizeDn, parentDn } from '../schema/dn.ts';
import { attributeTypes } from '../schema/schema.ts';
import { AttributeIndex } from './attributeIndex.ts';
import type { Entry, EntryAttribute } from './entry.ts';
import { EntryTable } from './entryTable.ts';
import { insertId, removeId } from './postings.ts';

/** Place of the entries that have no parent here: the suffixes. */
export const NO_PARENT = -1;

const NO_CHILDREN: readonly number[] = [];

/** A name that the directory cannot hold, or that is there or missing against expectation. */
export class DirectoryError extends Error {
  override name = 'DirectoryError';
}

export class Directory {
  readonly table: EntryTable;
  readonly index: AttributeIndex;
  #ids = new Map<string, number>();
  #children = new Map<number, number[]>();
  #suffixes = new Set<number>();
  #size = 0;
  #version = 0;
  /** Names under which a part of the tree can also be asked for, in normal form. */
  #aliases = new Map<string, string>();

  constructor(table = new EntryTable(), index = new AttributeIndex()) {
    this.table = table;
    this.index = index;
  }

  /** A directory with the same entries under the same ids, of which each can be changed without the other. */
  clone(): Directory {
    const clone = new Directory(this.table.clone(), this.index.clone());
    clone.#ids = new Map(this.#ids);
    for (const [id, children] of this.#children) clone.#children.set(id, children.slice());
    clone.#suffixes = new Set(this.#suffixes);
    clone.#size = this.#size;
    clone.#version = this.#version;
    clone.#aliases = new Map(this.#aliases);
    return clone;
  }

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  /** Lets a part of the tree answer to a second name too; both in normal form. */
  addAlias(alias: string, target: string): void {
    this.#aliases.set(alias, target);
  }

  /** Id of the entry of that name in normal form. */
  find(normalizedDn: string): number | undefined {
    const id = this.#ids.get(normalizedDn);
    return id === undefined && this.#aliases.size > 0 ? this.#ids.get(this.#resolve(normalizedDn)) : id;
  }

  #resolve(normalizedDn: string): string {
    for (const [alias, target] of this.#aliases) {
      if (normalizedDn === alias || normalizedDn.endsWith(`,${alias}`)) {
        return normalizedDn.slice(0, normalizedDn.length - alias.length) + target;
      }
    }
    return normalizedDn;
  }

  /** The deepest existing entry above a name, as the matchedDN of noSuchObject; empty where there is none. */
  deepestAncestor(normalizedDn: string): string {
    for (let up = parentDn(normalizedDn); up !== undefined && up !== ''; up = parentDn(up)) {
      const id = this.find(up);
      if (id !== undefined) return this.table.dn(id);
    }
    return '';
  }

  /** Names of the entries without a parent, as they were given. */
  suffixes(): string[] {
    return [...this.#suffixes].map((id) => this.table.dn(id));
  }

  children(id: number): readonly number[] {
    return this.#children.get(id) ?? NO_CHILDREN;
  }

  /**
   * Adds an entry, or replaces the one of that name. Its parent must be there, but for a suffix.
   * `at` is the time of the change in milliseconds. Returns its id; throws a DirectoryError.
   */
  put(entry: Entry, at: number, suffix = false): number {
    const name = normalizeDn(entry.dn);
    if (!name) throw new DirectoryError(`"${entry.dn}" is not the name of an entry`);
    this.#version++;
    const known = this.#ids.get(name);
    if (known !== undefined) {
      this.#unindex(known);
      this.table.replace(known, entry, at);
      this.#index(known, entry.attributes);
      return known;
    }
    const parent = suffix ? NO_PARENT : this.#ids.get(parentDn(name)!);
    if (parent === undefined) throw new DirectoryError(`"${entry.dn}" has no parent entry`);
    const id = this.table.add(entry, parent, at);
    this.#ids.set(name, id);
    if (parent === NO_PARENT) this.#suffixes.add(id);
    else this.#adopt(parent, id);
    this.#index(id, entry.attributes);
    this.#size++;
    return id;
  }

  /** Removes an entry and all below it. Returns how many. */
  remove(normalizedDn: string): number {
    const id = this.#ids.get(normalizedDn);
    if (id === undefined) return 0;
    let removed = 1;
    for (const child of [...this.children(id)]) removed += this.remove(normalizeDn(this.table.dn(child))!);
    this.#version++;
    this.#unindex(id);
    const parent = this.table.parent[id]!;
    const siblings = this.#children.get(parent);
    if (siblings) removeId(siblings, id);
    this.#children.delete(id);
    this.#suffixes.delete(id);
    this.#ids.delete(normalizedDn);
    this.table.remove(id);
    this.#size--;
    return removed;
  }

  /** An entry with its user attributes, decoded. */
  read(id: number): Entry {
    return { dn: this.table.dn(id), attributes: this.#attributes(id) };
  }

  /** Values of user attributes of an entry; more types where others inherit from it. */
  values(id: number, type: AttributeType): string[] {
    const values: string[] = [];
    const { table } = this;
    const first = table.firstSlot[id]! + 1;
    const end = first + table.slotCount[id]!;
    const { family } = type;
    for (let slot = first; slot < end; slot++) {
      const found = table.type[slot]!;
      if (found === type.id || (family.length > 1 && family.includes(found))) table.readValues(slot, values);
    }
    return values;
  }

  #adopt(parent: number, id: number): void {
    const siblings = this.#children.get(parent);
    if (siblings) insertId(siblings, id);
    else this.#children.set(parent, [id]);
  }

  #attributes(id: number): EntryAttribute[] {
    const { table } = this;
    const attributes: EntryAttribute[] = [];
    const first = table.firstSlot[id]! + 1;
    for (let slot = first; slot < first + table.slotCount[id]!; slot++) {
      const values: string[] = [];
      table.readValues(slot, values);
      attributes.push([attributeTypes[table.type[slot]!]!, values]);
    }
    return attributes;
  }

  #index(id: number, attributes: EntryAttribute[]): void {
    for (const [type, values] of attributes) this.index.add(type, values, id);
  }

  #unindex(id: number): void {
    const { table, index } = this;
    const first = table.firstSlot[id]! + 1;
    for (let slot = first; slot < first + table.slotCount[id]!; slot++) {
      const type = attributeTypes[table.type[slot]!]!;
      if (!index.covers(type)) continue;
      const values: string[] = [];
      table.readValues(slot, values);
      index.remove(type, values, id);
    }
  }
}

/**
 * The external change log: one record for each change of an entry below ou=Services since the directory was built, under
 * numbers that rise by one, with the counters in the base entry.
 */
import type { Directory } from '../directory/directory.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { generalizedTime } from '../directory/operationalAttributes.ts';
import { normalizeDn } from '../schema/dn.ts';
import { CHANGE_LOG } from './names.ts';

/** Records kept; trimming the oldest moves firstchangenumber, as in the real log. */
const MAX_RECORDS = 10_000;

/** Attribute lines as LDIF has them, but never folded or encoded: readers take the text apart line by line. */
const lines = (name: string, values: readonly string[]) => values.map((value) => `${name}: ${value}\n`).join('');

function describeAdd(entry: Entry): string {
  return `\n${entry.attributes.map(([type, values]) => lines(type.name, values)).join('')}`;
}

/** Single values are replaced; of several, those that came and went are told. */
function describeModify(before: Entry, after: Entry): string {
  const old = new Map(before.attributes);
  const blocks: string[] = [];
  for (const [type, values] of after.attributes) {
    const had = old.get(type) ?? [];
    old.delete(type);
    if (type.single) {
      if (had[0] !== values[0]) blocks.push(`replace: ${type.name}\n${lines(type.name, values)}-\n`);
      continue;
    }
    const come = values.filter((value) => !had.includes(value));
    const gone = had.filter((value) => !values.includes(value));
    if (come.length > 0) blocks.push(`add: ${type.name}\n${lines(type.name, come)}-\n`);
    if (gone.length > 0) blocks.push(`delete: ${type.name}\n${lines(type.name, gone)}-\n`);
  }
  for (const [type] of old) blocks.push(`delete: ${type.name}\n-\n`);
  return blocks.length === 0 ? '' : `\n${blocks.join('')}`;
}

export class ChangeLog {
  #directory: Directory;
  #first = 1;
  #last = 0;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Records what became of an entry: undefined before for an added one, after for a removed one. `at` is in milliseconds. */
  record(dn: string, before: Entry | undefined, after: Entry | undefined, at: number): void {
    if (!before && !after) return;
    const changes = !after ? undefined : before ? describeModify(before, after) : describeAdd(after);
    if (changes === '') return;
    this.#last++;
    const entry = makeEntry(recordDn(this.#last), {
      objectClass: ['top', 'changeLogEntry', 'nhsExternalChangelogEntry'],
      changenumber: String(this.#last),
      changeTime: generalizedTime(at),
      changeType: !after ? 'delete' : before ? 'modify' : 'add',
      targetDN: dn,
      changes,
    });
    this.#directory.put(entry, at);
    if (this.#last - this.#first >= MAX_RECORDS) this.#directory.remove(normalizeDn(recordDn(this.#first++))!);
    this.#count(at);
  }

  #count(at: number): void {
    this.#directory.put(
      makeEntry(CHANGE_LOG, {
        objectClass: ['top', 'nhsExternalChangelog'],
        cn: 'Changelog',
        firstchangenumber: String(this.#first),
        lastchangenumber: String(this.#last),
      }),
      at,
    );
  }
}

const recordDn = (number: number) => `changenumber=${number},${CHANGE_LOG}`;

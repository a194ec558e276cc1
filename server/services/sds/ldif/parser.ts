/**
 * Reads LDIF (RFC 2849) as real exports write it: comments, folded lines, `version: 1`, base64, no line feed at the end.
 * Only content records: the `changetype` of one that would change or delete something is warned of and the record skipped.
 */
import { LineNames } from './lineNames.ts';
import type { LdifRecord, LdifWarning } from './record.ts';

const RETURN = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** Editors of Windows put it at the beginning of UTF-8 files. */
const BYTE_ORDER_MARK = 0xfeff;

/** A folded value of more characters is no directory entry's. */
const MAX_LINE_CHARACTERS = 8 << 20;

export class LdifParser {
  #onRecord: (record: LdifRecord) => void;
  #onWarning: (warning: LdifWarning) => void;
  /** Text behind the last line feed. */
  #rest = '';
  /** The logical line that may still be continued. */
  #logical: string | undefined;
  #logicalLine = 0;
  #line = 0;
  #record: LdifRecord | undefined;
  #skip = false;
  #names = new LineNames();

  constructor(onRecord: (record: LdifRecord) => void, onWarning: (warning: LdifWarning) => void) {
    this.#onRecord = onRecord;
    this.#onWarning = onWarning;
  }

  /** Takes the next part of the file, cut anywhere. */
  push(text: string): void {
    const all = this.#rest === '' ? text : this.#rest + text;
    let start = this.#line === 0 && all.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    for (let end = all.indexOf('\n', start); end >= 0; end = all.indexOf('\n', start)) {
      this.#physical(all, start, all.charCodeAt(end - 1) === RETURN && end > start ? end - 1 : end, end + 1);
      start = end + 1;
    }
    this.#rest = all.slice(start);
    if (this.#rest.length > MAX_LINE_CHARACTERS) {
      this.#warn(this.#line + 1, 'the line is too long, and was cut off');
      this.#rest = '';
    }
  }

  /** The end of the file. */
  end(): void {
    const last = this.#rest.replace(/\r$/, '');
    this.#rest = '';
    if (last !== '') this.#physical(last, 0, last.length, last.length);
    this.#physical('', 0, 0, 0);
  }

  /** The line from `start` to `end` of a text in which the next one begins at `next`. */
  #physical(text: string, start: number, end: number, next: number): void {
    this.#line++;
    if (start < end && text.charCodeAt(start) === SPACE) {
      if (this.#logical === undefined) this.#warn(this.#line, 'a continued line continues nothing');
      else if (this.#logical.length + end - start < MAX_LINE_CHARACTERS) this.#logical += text.slice(start + 1, end);
      return;
    }
    if (this.#logical !== undefined) this.#take(this.#logical, 0, this.#logical.length);
    this.#logical = undefined;
    this.#logicalLine = this.#line;
    if (start === end) this.#finish();
    // Most lines are continued by none, and are read where they stand: a large file has millions.
    else if (next < text.length && text.charCodeAt(next) !== SPACE) this.#take(text, start, end);
    else this.#logical = text.slice(start, end);
  }

  #take(text: string, start: number, end: number): void {
    if (text.charCodeAt(start) === 0x23) return;
    const name = this.#names.read(text, start, end);
    if (name === undefined) {
      this.#warn(this.#logicalLine, `"${text.slice(start, Math.min(end, start + 40))}" is no attribute line`);
      return;
    }
    const value = this.#value(text, start + name.length + 1, end);
    if (value === undefined) return;
    if (!this.#record) this.#begin(name, value);
    else if (name.length === 2 && name.toLowerCase() === 'dn') this.#beginAtOnce(name, value);
    else if (name.toLowerCase() === 'changetype') this.#changeType(value);
    else add(this.#record, name, value);
  }

  #value(text: string, at: number, end: number): string | undefined {
    const mark = at < end ? text.charCodeAt(at) : 0;
    if (mark === 0x3c) {
      this.#warn(this.#logicalLine, 'a value behind a URL is not fetched');
      return undefined;
    }
    let start = mark === COLON ? at + 1 : at;
    while (start < end && text.charCodeAt(start) === SPACE) start++;
    const value = text.slice(start, end);
    return mark === COLON ? Buffer.from(value, 'base64').toString() : value;
  }

  #begin(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (lower === 'dn') this.#record = { dn: value, attributes: [], line: this.#logicalLine };
    else if (lower !== 'version') this.#warn(this.#logicalLine, `"${name}" stands before a dn`);
  }

  /** No entry has an attribute of this name: the empty line before it was lost, as it is when files are put together. */
  #beginAtOnce(name: string, value: string): void {
    this.#warn(this.#logicalLine, 'there is no empty line before this dn');
    this.#finish();
    this.#begin(name, value);
  }

  #changeType(value: string): void {
    if (value.trim().toLowerCase() === 'add') return;
    this.#warn(this.#logicalLine, `a change record (${value}) is not applied`);
    this.#skip = true;
  }

  #finish(): void {
    const record = this.#record;
    this.#record = undefined;
    if (record && !this.#skip) this.#onRecord(record);
    this.#skip = false;
  }

  #warn(line: number, message: string): void {
    this.#onWarning({ line, message });
  }
}

/** Values of a name mostly stand together, so the last name is asked first. Other spellings of a name are another name here. */
function add({ attributes }: LdifRecord, name: string, value: string): void {
  for (let at = attributes.length - 1; at >= 0; at--) {
    if (attributes[at]![0] !== name) continue;
    attributes[at]![1].push(value);
    return;
  }
  attributes.push([name, [value]]);
}

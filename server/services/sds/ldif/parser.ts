/**
 * Reads LDIF (RFC 2849) as real exports write it: comments, folded lines, `version: 1`, base64, no line feed at the end.
 * Only content records: the `changetype` of one that would change or delete something is warned of and the record skipped.
 */
import type { LdifRecord, LdifWarning } from './record.ts';

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

  constructor(onRecord: (record: LdifRecord) => void, onWarning: (warning: LdifWarning) => void) {
    this.#onRecord = onRecord;
    this.#onWarning = onWarning;
  }

  /** Takes the next part of the file, cut anywhere. */
  push(text: string): void {
    const all = this.#rest === '' ? text : this.#rest + text;
    let start = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
      this.#physical(all.slice(start, all.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end));
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
    if (this.#rest !== '') this.#physical(this.#rest.replace(/\r$/, ''));
    this.#rest = '';
    this.#physical('');
  }

  #physical(line: string): void {
    this.#line++;
    if (line.charCodeAt(0) === 0x20) {
      if (this.#logical === undefined) this.#warn(this.#line, 'a continued line continues nothing');
      else if (this.#logical.length + line.length < MAX_LINE_CHARACTERS) this.#logical += line.slice(1);
      return;
    }
    if (this.#logical !== undefined) this.#take(this.#logical);
    this.#logical = line === '' ? undefined : line;
    this.#logicalLine = this.#line;
    if (line === '') this.#finish();
  }

  #take(line: string): void {
    if (line.charCodeAt(0) === 0x23) return;
    const colon = line.indexOf(':');
    if (colon <= 0) {
      this.#warn(this.#logicalLine, `"${line.slice(0, 40)}" is no attribute line`);
      return;
    }
    const name = line.slice(0, colon);
    const value = this.#value(line, colon + 1);
    if (value === undefined) return;
    if (!this.#record) this.#begin(name, value);
    else if (name.toLowerCase() === 'changetype') this.#changeType(value);
    else add(this.#record, name, value);
  }

  #value(line: string, at: number): string | undefined {
    const mark = line.charCodeAt(at);
    if (mark === 0x3c) {
      this.#warn(this.#logicalLine, 'a value behind a URL is not fetched');
      return undefined;
    }
    let start = mark === 0x3a ? at + 1 : at;
    while (line.charCodeAt(start) === 0x20) start++;
    const text = line.slice(start);
    return mark === 0x3a ? Buffer.from(text, 'base64').toString() : text;
  }

  #begin(name: string, value: string): void {
    const lower = name.toLowerCase();
    if (lower === 'dn') this.#record = { dn: value, attributes: [], line: this.#logicalLine };
    else if (lower !== 'version') this.#warn(this.#logicalLine, `"${name}" stands before a dn`);
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

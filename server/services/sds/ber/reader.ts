/** Reads BER in place: no copies, no object per element, every length checked against what surrounds it. */
import { BerError } from './error.ts';
import { Tag } from './tag.ts';

/** RFC 4511 4.1.1: integers of the protocol fit into 31 bits. */
const MAX_INTEGER_OCTETS = 4;

/** The longest form of a length that can describe anything we accept: 0x84 and four octets. */
const MAX_LENGTH_OCTETS = 4;

export class BerReader {
  readonly bytes: Buffer;
  position: number;
  /** End of the element that is being read; the next element has to lie before it. */
  limit: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.limit = end;
  }

  get atEnd(): boolean {
    return this.position >= this.limit;
  }

  /** The next tag, or -1 at the end of the surrounding element. */
  peek(): number {
    return this.position < this.limit ? this.bytes[this.position]! : -1;
  }

  /**
   * Reads the header of the next element, which must carry `tag`.
   * Returns where its content ends; the position is then at the first octet of the content.
   */
  header(tag: number): number {
    const found = this.peek();
    if (found !== tag) {
      throw new BerError(
        found < 0 ? 'an element is missing' : `tag 0x${found.toString(16)} where 0x${tag.toString(16)} belongs`,
      );
    }
    this.position++;
    const length = this.#length();
    const end = this.position + length;
    if (end > this.limit) throw new BerError('an element is longer than what surrounds it');
    return end;
  }

  /** Enters a constructed element. Give what it returns to `leave` when its content is read. */
  enter(tag: number): number {
    const outer = this.limit;
    this.limit = this.header(tag);
    return outer;
  }

  /** Leaves a constructed element; whatever it still holds is an error unless `lenient` (extensible sequences). */
  leave(outer: number, lenient = false): void {
    if (!lenient && this.position !== this.limit) throw new BerError('an element holds more than it should');
    this.position = this.limit;
    this.limit = outer;
  }

  /** Steps over one element, whatever it is. */
  skip(): void {
    const tag = this.peek();
    if (tag < 0) throw new BerError('an element is missing');
    this.position = this.header(tag);
  }

  integer(tag: number = Tag.Integer): number {
    const end = this.header(tag);
    const octets = end - this.position;
    if (octets < 1 || octets > MAX_INTEGER_OCTETS) throw new BerError(`an integer of ${octets} octets`);
    const value = this.bytes.readIntBE(this.position, octets);
    this.position = end;
    return value;
  }

  enumerated(): number {
    return this.integer(Tag.Enumerated);
  }

  boolean(tag: number = Tag.Boolean): boolean {
    const end = this.header(tag);
    if (end - this.position !== 1) throw new BerError('a boolean is not one octet');
    const value = this.bytes[this.position] !== 0;
    this.position = end;
    return value;
  }

  /** An octet string as text. Octets that are no UTF-8 become U+FFFD, which matches nothing. */
  string(tag: number = Tag.OctetString): string {
    const end = this.header(tag);
    const text = this.bytes.toString('utf8', this.position, end);
    this.position = end;
    return text;
  }

  /** An octet string as a view of the message; copy it to keep it. */
  octets(tag: number = Tag.OctetString): Buffer {
    const end = this.header(tag);
    const view = this.bytes.subarray(this.position, end);
    this.position = end;
    return view;
  }

  /** RFC 4511 5.1: only the definite form of length is used. */
  #length(): number {
    if (this.position >= this.limit) throw new BerError('a length is missing');
    const first = this.bytes[this.position++]!;
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    if (octets === 0) throw new BerError('the indefinite form of length');
    if (octets > MAX_LENGTH_OCTETS) throw new BerError(`a length of ${octets} octets`);
    if (this.position + octets > this.limit) throw new BerError('a length is cut off');
    const length = this.bytes.readUIntBE(this.position, octets);
    this.position += octets;
    return length;
  }
}

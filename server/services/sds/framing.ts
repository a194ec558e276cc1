/** Cuts the octets of a connection into LDAP messages (RFC 4511 5.1), however they arrive. */
import { BerError } from './ber/error.ts';
import { Tag } from './ber/tag.ts';

/** Search requests are some hundreds of octets; slapd takes 256 KiB from anonymous clients. */
export const MAX_MESSAGE_BYTES = 1 << 20;

/** Tag, length of lengths, and four octets of length. */
const LONGEST_HEADER = 6;

/** Length of the message that begins at `start`, or 0 while its header is not there yet. Throws a BerError. */
function messageLength(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== Tag.Sequence)
    throw new BerError(`a message begins with 0x${bytes[start]!.toString(16).padStart(2, '0')}, not 0x30`);
  if (end - start < 2) return 0;
  const first = bytes[start + 1]!;
  if (first < 0x80) return 2 + first;
  const octets = first & 0x7f;
  if (octets === 0) throw new BerError('the indefinite form of length');
  if (octets > LONGEST_HEADER - 2) throw new BerError(`a length of ${octets} octets`);
  if (end - start < 2 + octets) return 0;
  const total = 2 + octets + bytes.readUIntBE(start + 2, octets);
  if (total > MAX_MESSAGE_BYTES) throw new BerError(`a message of ${total} octets, more than ${MAX_MESSAGE_BYTES}`);
  return total;
}

/** Octets of the beginning of a message, kept until the rest arrives. */
export class MessageFramer {
  #pending: Buffer | undefined;
  #pendingBytes = 0;

  /** True while octets are kept: a message that has begun and not ended, or messages that were not wanted yet. */
  get partial(): boolean {
    return this.#pendingBytes > 0;
  }

  /**
   * Takes octets and gives each complete message to `onMessage`, as a view that is good until it returns.
   * When `onMessage` returns false the rest is kept: a later push, of nothing if need be, goes on with it.
   * Throws a BerError where no message can begin or be that long.
   */
  push(chunk: Buffer, onMessage: (message: Buffer) => boolean): void {
    const bytes = this.#pendingBytes > 0 ? this.#append(chunk) : chunk;
    let start = 0;
    let wanted = true;
    while (wanted && start < bytes.length) {
      const length = messageLength(bytes, start, bytes.length);
      if (length === 0 || start + length > bytes.length) break;
      const message = bytes.subarray(start, start + length);
      start += length;
      wanted = onMessage(message);
    }
    this.#keep(bytes, start);
  }

  /** Doubling keeps a message that is dribbled in octet by octet linear in time and memory. */
  #append(chunk: Buffer): Buffer {
    const needed = this.#pendingBytes + chunk.length;
    if (this.#pending!.length < needed) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#pending!.length * 2));
      this.#pending!.copy(grown, 0, 0, this.#pendingBytes);
      this.#pending = grown;
    }
    chunk.copy(this.#pending!, this.#pendingBytes);
    this.#pendingBytes = needed;
    return this.#pending!.subarray(0, needed);
  }

  #keep(bytes: Buffer, start: number): void {
    const rest = bytes.length - start;
    if (rest === 0) {
      this.#pending = undefined;
    } else if (start > 0 || this.#pendingBytes === 0) {
      this.#pending = Buffer.from(bytes.subarray(start));
    }
    this.#pendingBytes = rest;
  }
}

/** Gathers the first records of a connection, in whatever pieces TCP brings them, until the ClientHello in them is whole. */
import type { AlertName } from './alerts.ts';
import { type ClientHello, parseClientHello, parseSslv2Hello } from './clientHello.ts';
import { Cursor, HelloSyntaxError } from './cursor.ts';
import { MAX_RECORD_BYTES, type TlsLimits } from './limits.ts';

/** How far the hello has come. */
export type HelloProgress =
  | { state: 'more' }
  | { state: 'hello'; hello: ClientHello }
  /** The first byte begins neither form of hello, so nginx would read it as HTTP without TLS. */
  | { state: 'plain' }
  /** `alert` is what TLS has the server say; absent where the client speaks no TLS at all. */
  | { state: 'bad'; reason: BadHello; detail: string; alert?: AlertName };

export type BadHello = 'not-tls' | 'malformed-hello' | 'oversized-hello';

const RECORD_HEADER_BYTES = 5;
const HANDSHAKE_HEADER_BYTES = 4;
const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SSL_MAJOR_VERSION = 3;
/** An SSLv2 record of two header bytes has the top bit set; type 1 follows the length (RFC 5246 E.2). */
const SSLV2_FLAG = 0x80;
const SSLV2_HEADER_BYTES = 2;
const MORE: HelloProgress = { state: 'more' };
const EMPTY = Buffer.alloc(0);

export class HelloReader {
  #limits: Pick<TlsLimits, 'helloBytes' | 'helloRecords'>;
  /** Everything received; `#length` of it is filled. */
  #wire: Buffer = EMPTY;
  #length = 0;
  /** Where the next record begins. */
  #at = 0;
  #records = 0;
  #fragments: Buffer[] = [];
  #gathered = 0;
  /** Bytes of the message to gather: first its header, then, once that tells the length, all of it. */
  #wanted = HANDSHAKE_HEADER_BYTES;

  constructor(limits: Pick<TlsLimits, 'helloBytes' | 'helloRecords'>) {
    this.#limits = limits;
  }

  /** Every byte that came, to be handed to OpenSSL. */
  get received(): Buffer {
    return this.#wire.length === this.#length ? this.#wire : this.#wire.subarray(0, this.#length);
  }

  /** Takes the next bytes of the connection. Never throws. After any answer but `more` nothing may follow. */
  push(chunk: Buffer): HelloProgress {
    this.#append(chunk);
    try {
      return this.#read();
    } catch (error) {
      if (!(error instanceof HelloSyntaxError)) throw error;
      return bad('malformed-hello', error.message, 'decode_error');
    }
  }

  #append(chunk: Buffer): void {
    if (this.#length === 0) {
      this.#wire = chunk;
      this.#length = chunk.length;
      return;
    }
    const length = this.#length + chunk.length;
    if (length > this.#wire.length) {
      // Doubling keeps a hello that comes byte by byte linear.
      const grown = Buffer.allocUnsafe(Math.max(length, this.#wire.length * 2, 512));
      this.#wire.copy(grown, 0, 0, this.#length);
      this.#wire = grown;
    }
    chunk.copy(this.#wire, this.#length);
    this.#length = length;
  }

  #read(): HelloProgress {
    if (this.#length === 0) return MORE;
    const first = this.#wire[0]!;
    if (first === HANDSHAKE_RECORD) return this.#readRecords();
    if (first & SSLV2_FLAG) return this.#readSslv2();
    return { state: 'plain' };
  }

  #readRecords(): HelloProgress {
    while (this.#length - this.#at >= RECORD_HEADER_BYTES) {
      const wire = this.#wire;
      const at = this.#at;
      if (wire[at] !== HANDSHAKE_RECORD) {
        return bad('malformed-hello', 'another kind of record comes before the hello is whole', 'unexpected_message');
      }
      if (wire[at + 1] !== SSL_MAJOR_VERSION) {
        return bad(
          'malformed-hello',
          `the record version is 0x${hex(wire[at + 1]!)}${hex(wire[at + 2]!)}`,
          'protocol_version',
        );
      }
      const length = wire.readUInt16BE(at + 3);
      if (length > MAX_RECORD_BYTES) {
        return bad('malformed-hello', `a record says it has ${length} bytes; 16384 are allowed`, 'record_overflow');
      }
      if (length === 0) return bad('malformed-hello', 'a handshake record is empty', 'unexpected_message');
      if (this.#length - at - RECORD_HEADER_BYTES < length) break;
      const start = at + RECORD_HEADER_BYTES;
      this.#fragments.push(wire.subarray(start, start + length));
      this.#gathered += length;
      this.#at = start + length;
      this.#records += 1;
      const progress = this.#readMessage();
      if (progress !== MORE) return progress;
      if (this.#records >= this.#limits.helloRecords) {
        return bad(
          'oversized-hello',
          `the hello is split over more than ${this.#records} records`,
          'unexpected_message',
        );
      }
    }
    return MORE;
  }

  #readMessage(): HelloProgress {
    if (this.#gathered < this.#wanted) return MORE;
    if (this.#wanted === HANDSHAKE_HEADER_BYTES) {
      const header = this.#message();
      if (header[0] !== CLIENT_HELLO) {
        return bad('malformed-hello', `the first message has type ${header[0]}, not ClientHello`, 'unexpected_message');
      }
      const length = header.readUIntBE(1, 3);
      if (length > this.#limits.helloBytes) {
        return bad('oversized-hello', `the hello says it has ${length} bytes`, 'illegal_parameter');
      }
      this.#wanted += length;
      if (this.#gathered < this.#wanted) return MORE;
    }
    return {
      state: 'hello',
      hello: parseClientHello(new Cursor(this.#message(), HANDSHAKE_HEADER_BYTES, this.#wanted)),
    };
  }

  /** The message so far in one piece. */
  #message(): Buffer {
    if (this.#fragments.length > 1) this.#fragments = [Buffer.concat(this.#fragments)];
    return this.#fragments[0]!;
  }

  #readSslv2(): HelloProgress {
    if (this.#length < SSLV2_HEADER_BYTES + 1) return MORE;
    if (this.#wire[SSLV2_HEADER_BYTES] !== CLIENT_HELLO) {
      return bad('not-tls', `the first bytes are ${this.received.subarray(0, 3).toString('hex')}`);
    }
    const length = this.#wire.readUInt16BE(0) & 0x7fff;
    if (length > this.#limits.helloBytes) return bad('oversized-hello', `the hello says it has ${length} bytes`);
    const end = SSLV2_HEADER_BYTES + length;
    if (this.#length < end) return MORE;
    return { state: 'hello', hello: parseSslv2Hello(new Cursor(this.#wire, SSLV2_HEADER_BYTES, end)) };
  }
}

function bad(reason: BadHello, detail: string, alert?: AlertName): HelloProgress {
  return alert === undefined ? { state: 'bad', reason, detail } : { state: 'bad', reason, detail, alert };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

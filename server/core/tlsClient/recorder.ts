/** A socket that keeps a copy of the first bytes that come in: the server's part of a handshake, before encryption begins. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A flight with a chain of four 4096-bit certificates and a hundred CA names has 20 KB. */
const RECORDED_BYTES = 64 * 1024;

export class Recorder extends Duplex {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** Takes over a connected socket. */
  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (this.#bytes < RECORDED_BYTES) this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Writes many short chunks to a file in few long pieces. */
import type { FileHandle } from 'node:fs/promises';

/** Chunks are joined to this length before they are written: TLS hands over 16 kB at a time, and each write is a trip to another thread. */
const WRITE_BYTES = 512 * 1024;

/** Length of the first piece: hundreds of short blobs may come at once. */
const FIRST_BYTES = 64 * 1024;

/** Buffers of that length that are kept for the next blob. Fresh ones for each would be garbage of the size of the blob. */
const MAX_SPARE_BUFFERS = 16;

/** Two buffers: one is filled while the other is written. */
export class JoinedWriter {
  readonly #handle: FileHandle;
  readonly #spare: Buffer[];
  #filling: Buffer;
  #filled = 0;
  #writing: Buffer | undefined;
  #written: Promise<unknown> = Promise.resolve();

  constructor(handle: FileHandle, spare: Buffer[]) {
    this.#handle = handle;
    this.#spare = spare;
    this.#filling = Buffer.allocUnsafeSlow(FIRST_BYTES);
  }

  /** Resolves when the chunk is copied. Rejects with the error of this or an earlier write. */
  async write(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(this.#filling, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled === this.#filling.length) await this.#flush();
    }
  }

  async end(): Promise<void> {
    if (this.#filled > 0) await this.#flush();
    await this.#written;
  }

  /** Gives the buffers back when nothing is written from them any more. */
  async release(): Promise<void> {
    await this.#written.catch(() => {});
    for (const buffer of [this.#filling, this.#writing]) {
      if (buffer?.length === WRITE_BYTES && this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer);
    }
  }

  async #flush(): Promise<void> {
    await this.#written;
    const full = this.#filling;
    this.#filling = this.#writing?.length === WRITE_BYTES ? this.#writing : this.#buffer();
    this.#writing = full;
    this.#written = writeAll(this.#handle, full.subarray(0, this.#filled));
    // Heard by whoever waits for it next; until then it is no unhandled rejection.
    this.#written.catch(() => {});
    this.#filled = 0;
  }

  #buffer(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(WRITE_BYTES);
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
}

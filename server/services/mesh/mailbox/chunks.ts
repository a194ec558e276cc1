/** The bodies of messages, chunk by chunk, as they were sent. Small ones lie in rows, longer ones are streamed to blobs. */
import { Readable } from 'node:stream';
import type { Collection, Operation, Store } from '../../../core/store/store.ts';
import { INLINE_BYTES, WRITE_BYTES } from '../limits.ts';

interface ChunkRow {
  message: string;
  number: number;
  size: number;
  /** Base64 of a small chunk; absent for one in a blob. */
  data?: string;
}

/** A chunk that is in the store or in hand, but counts only when its row is written. */
export interface ReceivedChunk {
  size: number;
  row: Operation;
}

/** A chunk for sending. */
export interface StoredChunk {
  size: number;
  /** The bytes in hand, or how to read them. */
  bytes: Buffer | (() => Promise<Readable>);
}

const chunkId = (message: string, number: number) => `${message}/${number}`;
const blobId = (message: string, number: number) => `mesh/${message}/${number}`;

export class Chunks {
  readonly #store: Store;
  readonly #rows: Collection<ChunkRow>;

  constructor(store: Store) {
    this.#store = store;
    this.#rows = store.collection<ChunkRow>('mesh-chunks');
  }

  /**
   * Takes the bytes of a chunk. Long ones are safe on disk when this resolves; the row that it gives back is to be written
   * with the message. What the source throws (too long, broken off) goes through, and nothing is kept then.
   */
  async receive(space: string, message: string, number: number, source: AsyncIterable<Buffer>): Promise<ReceivedChunk> {
    const iterator = source[Symbol.asyncIterator]();
    const head: Buffer[] = [];
    let size = 0;
    while (size <= INLINE_BYTES) {
      const { value, done } = await iterator.next();
      if (done)
        return { size, row: this.#row(space, { message, number, size, data: Buffer.concat(head).toString('base64') }) };
      head.push(value);
      size += value.length;
    }
    const blob = await this.#store.blobs.write(space, blobId(message, number), rejoin(head, iterator));
    return { size: blob.size, row: this.#row(space, { message, number, size: blob.size }) };
  }

  async read(space: string, message: string, number: number): Promise<StoredChunk | undefined> {
    const row = await this.#rows.get(space, chunkId(message, number));
    if (!row) return undefined;
    if (row.data !== undefined) return { size: row.size, bytes: Buffer.from(row.data, 'base64') };
    return { size: row.size, bytes: () => this.#open(space, blobId(message, number)) };
  }

  /** Bytes of a chunk; undefined if it has not come. */
  async sizeOf(space: string, message: string, number: number): Promise<number | undefined> {
    return (await this.#rows.get(space, chunkId(message, number)))?.size;
  }

  /** Keeps another form of a chunk (compressed or not) so that its length is known; it goes with the message. */
  async derive(
    space: string,
    message: string,
    number: number,
    form: string,
    source: AsyncIterable<Buffer>,
  ): Promise<StoredChunk> {
    const id = `${blobId(message, number)}/${form}`;
    const known = await this.#store.blobs.info(space, id);
    const { size } = known ?? (await this.#store.blobs.write(space, id, source));
    return { size, bytes: () => this.#open(space, id) };
  }

  /** Writes that remove a message's chunks, to be carried out with its own; and what is to be done after. */
  async removal(
    space: string,
    message: string,
    total: number,
  ): Promise<{ rows: Operation[]; blobs: () => Promise<void> }> {
    const rows: Operation[] = [];
    const blobs: string[] = [];
    for (let number = 1; number <= total; number++) {
      if ((await this.sizeOf(space, message, number)) === undefined) continue;
      rows.push(this.#rows.deleting(space, chunkId(message, number)));
      blobs.push(...FORMS.map((form) => blobId(message, number) + form));
    }
    const deleteBlobs = async () => {
      for (const id of blobs) await this.#store.blobs.delete(space, id);
    };
    return { rows, blobs: deleteBlobs };
  }

  #row(space: string, row: ChunkRow): Operation {
    return this.#rows.putting(space, chunkId(row.message, row.number), row);
  }

  async #open(space: string, id: string): Promise<Readable> {
    // Gone between the look-up and here: the message was deleted by a reset.
    return (await this.#store.blobs.read(space, id)) ?? Readable.from([]);
  }
}

/** The chunk itself and its derived forms. */
const FORMS = ['', '/gzip', '/plain'];

/** The head and what follows it, in long pieces: TLS hands over 16 kB at a time, and each piece is a write of its own. */
async function* rejoin(head: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of joined(head, rest)) {
    pieces.push(chunk);
    size += chunk.length;
    if (size < WRITE_BYTES) continue;
    yield Buffer.concat(pieces, size);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces, size);
}

async function* joined(head: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The bodies of messages, chunk by chunk, as they were sent. Small ones lie in rows, longer ones are streamed to blobs. */
import type { Readable } from 'node:stream';
import type { BlobRemoval, Collection, Operation, Store } from '../../../core/store/store.ts';
import { INLINE_BYTES } from '../limits.ts';

interface ChunkRow {
  message: string;
  number: number;
  size: number;
  /** Base64 of a small chunk. */
  data?: string;
  /** Id of the blob that holds a longer one. */
  blob?: string;
}

/** A chunk that is safe, but counts only when `operations` are carried out with the change of its message. */
export interface ReceivedChunk {
  number: number;
  size: number;
  operations: Operation[];
  /** True when it was read and not kept, as a fault asks for. */
  lost?: boolean;
  /** Lets go of a chunk that nobody wants any more. */
  drop(): Promise<void>;
}

/** A chunk for sending. */
export interface StoredChunk {
  size: number;
  /** The bytes in hand, or how to read them: undefined when they have gone since. */
  bytes: Buffer | (() => Promise<Readable | undefined>);
}

const chunkId = (message: string, number: number) => `${message}/${number}`;
const blobId = (message: string, number: number) => `mesh/${message}/${number}`;

/** Other forms of a chunk that are kept beside it. */
export type Form = 'gzip' | 'plain';
const FORMS: readonly Form[] = ['gzip', 'plain'];

const NOTHING: BlobRemoval = { operations: [], done: async () => {} };

export class Chunks {
  readonly #store: Store;
  readonly #rows: Collection<ChunkRow>;

  constructor(store: Store) {
    this.#store = store;
    this.#rows = store.collection<ChunkRow>('mesh-chunks');
  }

  /**
   * Takes the bytes of a chunk. Long ones are on disk when this resolves. What the source throws (too long, broken off) goes
   * through, and nothing is kept then.
   */
  async receive(space: string, message: string, number: number, source: AsyncIterable<Buffer>): Promise<ReceivedChunk> {
    const iterator = source[Symbol.asyncIterator]();
    const head: Buffer[] = [];
    let size = 0;
    const row = (rest: Pick<ChunkRow, 'data' | 'blob'>) =>
      this.#rows.putting(space, chunkId(message, number), { message, number, size, ...rest });
    while (size <= INLINE_BYTES) {
      const { value, done } = await iterator.next();
      if (done) {
        const data = Buffer.concat(head).toString('base64');
        return { number, size, operations: [row({ data })], drop: NOTHING.done };
      }
      // The source has its buffer again when the next one is asked for.
      head.push(Buffer.from(value));
      size += value.length;
    }
    const held = await this.#store.blobs.hold(joined(head, iterator));
    size = held.size;
    // Never the id of another upload of the same chunk: that one may be what counts.
    const blob = `${blobId(message, number)}/${held.number}`;
    return { number, size, operations: [held.naming(space, blob), row({ blob })], drop: () => held.drop() };
  }

  async read(space: string, message: string, number: number): Promise<StoredChunk | undefined> {
    const row = await this.#rows.get(space, chunkId(message, number));
    if (!row) return undefined;
    const { blob, data = '', size } = row;
    if (blob === undefined) return { size, bytes: Buffer.from(data, 'base64') };
    return { size, bytes: () => this.#store.blobs.read(space, blob) };
  }

  /** What a chunk takes the place of when it is sent again: its size (undefined if it comes for the first time) and its bytes. */
  async replaced(space: string, message: string, number: number): Promise<{ size?: number; removal: BlobRemoval }> {
    const row = await this.#rows.get(space, chunkId(message, number));
    if (!row) return { removal: NOTHING };
    const removal = row.blob === undefined ? NOTHING : await this.#store.blobs.removal(space, [row.blob]);
    return { size: row.size, removal };
  }

  /** Keeps another form of a chunk so that its length is known; it goes with the message. */
  async derive(
    space: string,
    message: string,
    number: number,
    form: Form,
    source: AsyncIterable<Buffer>,
  ): Promise<StoredChunk> {
    const id = `${blobId(message, number)}/${form}`;
    const { size } = await this.#store.blobs.write(space, id, source);
    return { size, bytes: () => this.#store.blobs.read(space, id) };
  }

  /** The other form of a chunk, if it was asked for before. */
  async derived(space: string, message: string, number: number, form: Form): Promise<StoredChunk | undefined> {
    const id = `${blobId(message, number)}/${form}`;
    const known = await this.#store.blobs.info(space, id);
    return known && { size: known.size, bytes: () => this.#store.blobs.read(space, id) };
  }

  /** What removes a message's chunks together with it. */
  async removal(space: string, message: string, total: number): Promise<BlobRemoval> {
    const rows: Operation[] = [];
    const blobs: string[] = [];
    for (let number = 1; number <= total; number++) {
      const row = await this.#rows.get(space, chunkId(message, number));
      if (!row) continue;
      rows.push(this.#rows.deleting(space, chunkId(message, number)));
      if (row.blob !== undefined) blobs.push(row.blob);
      blobs.push(...FORMS.map((form) => `${blobId(message, number)}/${form}`));
    }
    const removal = await this.#store.blobs.removal(space, blobs);
    return { ...removal, operations: [...rows, ...removal.operations] };
  }
}

/** The head and what follows it. */
async function* joined(head: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

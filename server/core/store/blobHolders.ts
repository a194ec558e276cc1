/** Where blobs lie: in memory, or each in a file of its own. */
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobHolder } from './blobs.ts';
import { JoinedWriter } from './joinedWriter.ts';
import type { BlobSource } from './store.ts';

export class MemoryBlobHolder implements BlobHolder {
  #blobs = new Map<number, Buffer>();

  async write(file: number, source: BlobSource, take: (chunk: Buffer) => void): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of source) {
      take(chunk);
      chunks.push(Buffer.from(chunk));
    }
    this.#blobs.set(file, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  }

  async read(file: number, { start = 0, end }: { start?: number; end?: number }): Promise<Readable | undefined> {
    const blob = this.#blobs.get(file);
    if (!blob) return undefined;
    return Readable.from(slices(blob.subarray(start, end)), { objectMode: false });
  }

  async delete(file: number): Promise<void> {
    this.#blobs.delete(file);
  }

  async files(): Promise<number[]> {
    return [...this.#blobs.keys()];
  }
}

/** Length of what is read of a blob in memory at a time: as much as a file gives. */
const SLICE_BYTES = 64 * 1024;

/** Copies: what is read belongs to the reader. */
function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) yield Buffer.from(bytes.subarray(at, at + SLICE_BYTES));
}

export class FolderBlobHolder implements BlobHolder {
  readonly #folder: string;
  readonly #spare: Buffer[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(file: number, source: BlobSource, take: (chunk: Buffer) => void): Promise<void> {
    const handle = await open(this.#path(file), 'wx', 0o600);
    const writer = new JoinedWriter(handle, this.#spare);
    // The name is there from now on, and is made safe while the bytes come.
    const named = this.#syncFolder();
    named.catch(() => {});
    try {
      for await (const chunk of source) {
        take(chunk);
        await writer.write(chunk);
      }
      await writer.end();
      await handle.datasync();
      await named;
    } finally {
      await writer.release();
      await handle.close();
    }
  }

  async read(file: number, { start = 0, end }: { start?: number; end?: number }): Promise<Readable | undefined> {
    if (end !== undefined && end <= start) return Readable.from([], { objectMode: false });
    try {
      // Opened before it is handed out: a blob that is deleted meanwhile can be read to its end.
      const handle = await open(this.#path(file), 'r');
      return handle.createReadStream({ start, end: end === undefined ? Number.POSITIVE_INFINITY : end - 1 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async delete(file: number): Promise<void> {
    await rm(this.#path(file), { force: true });
  }

  async files(): Promise<number[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return (await readdir(this.#folder)).filter((name) => /^\d+$/.test(name)).map(Number);
  }

  #path(file: number): string {
    return join(this.#folder, String(file));
  }

  /** The name of a new file is safe only when its folder is written too. */
  async #syncFolder(): Promise<void> {
    // Windows can't open a folder, and writes names through.
    if (process.platform === 'win32') return;
    const handle = await open(this.#folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

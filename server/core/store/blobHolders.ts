/** Where blobs lie: in memory, or each in a file of its own. */
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobHolder } from './blobs.ts';

export class MemoryBlobHolder implements BlobHolder {
  #blobs = new Map<number, Buffer>();

  async write(file: number, source: AsyncIterable<Buffer>): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of source) chunks.push(chunk);
    // Buffer.concat copies, so the caller may use its buffers again.
    this.#blobs.set(file, Buffer.concat(chunks));
  }

  async read(file: number, { start = 0, end }: { start?: number; end?: number }): Promise<Readable | undefined> {
    const blob = this.#blobs.get(file);
    if (!blob) return undefined;
    const bytes = Buffer.from(blob.subarray(start, end));
    return Readable.from(bytes.length === 0 ? [] : [bytes], { objectMode: false });
  }

  async delete(file: number): Promise<void> {
    this.#blobs.delete(file);
  }

  async files(): Promise<number[]> {
    return [...this.#blobs.keys()];
  }
}

export class FolderBlobHolder implements BlobHolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(file: number, source: AsyncIterable<Buffer>): Promise<void> {
    const handle = await open(this.#path(file), 'wx', 0o600);
    try {
      for await (const chunk of source) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await this.#syncFolder();
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

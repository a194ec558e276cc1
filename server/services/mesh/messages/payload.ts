/** The bytes of a chunk as this client can take them: as stored, decompressed, or compressed on the way. */
import { Readable, type Transform } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, gunzip, gzip } from 'node:zlib';
import type { MailboxCall } from '../call.ts';
import { IN_MEMORY_BYTES, MAX_INFLATED_BYTES } from '../limits.ts';
import type { StoredChunk } from '../mailbox/chunks.ts';
import type { Message } from '../mailbox/message.ts';
import { storedGzip, storedGzipSize } from './storedGzip.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The least work: what is compressed on the way is for the wire only. */
const LEVEL = constants.Z_BEST_SPEED;

export interface Payload {
  size: number;
  body: Buffer | Readable;
  /** Content-Encoding, if any. */
  encoding: string | undefined;
}

/** The bytes have gone since their chunk was looked up: its message was removed. */
export class ChunkGone extends Error {}

/**
 * Stored gzip goes out as it is to a client that takes gzip and decompressed to one that does not; plain bytes are compressed
 * for v2 clients that take gzip. The length is always known beforehand: clients read Content-Length. Rejects with ChunkGone.
 */
export async function payload(
  call: MailboxCall,
  message: Message,
  number: number,
  chunk: StoredChunk,
): Promise<Payload> {
  const takesGzip = (call.exchange.header('accept-encoding') ?? '').includes('gzip');
  if (message.contentEncoding === 'gzip') {
    if (takesGzip) return stored(chunk, 'gzip');
    return (await plain(call, message, number, chunk)) ?? stored(chunk, undefined);
  }
  if (call.version === 1 || !takesGzip) return stored(chunk, message.contentEncoding);
  if (chunk.size <= IN_MEMORY_BYTES) {
    const body = await compress(await bytesOf(chunk), { level: LEVEL });
    return { size: body.length, body, encoding: 'gzip' };
  }
  const body = Readable.from(storedGzip(await streamOf(chunk), chunk.size), { objectMode: false });
  return { size: storedGzipSize(chunk.size), body, encoding: 'gzip' };
}

async function stored(chunk: StoredChunk, encoding: string | undefined): Promise<Payload> {
  const body = Buffer.isBuffer(chunk.bytes) ? chunk.bytes : await streamOf(chunk);
  return { size: chunk.size, body, encoding };
}

/** Decompressed; undefined where the bytes are not gzip, whatever the sender said, or grow beyond all measure. */
async function plain(
  call: MailboxCall,
  message: Message,
  number: number,
  chunk: StoredChunk,
): Promise<Payload | undefined> {
  const { chunks } = call.mesh;
  const { name } = call.space;
  try {
    if (chunk.size <= IN_MEMORY_BYTES) {
      const body = await decompress(await bytesOf(chunk), { maxOutputLength: IN_MEMORY_BYTES }).catch(notTooLong);
      if (body) return { size: body.length, body, encoding: undefined };
    }
    let form = await chunks.derived(name, message.id, number, 'plain');
    if (!form) {
      const unpacked = piped(await streamOf(chunk), createGunzip());
      form = await chunks.derive(name, message.id, number, 'plain', limited(unpacked));
    }
    return await stored(form, undefined);
  } catch (error) {
    if (error instanceof ChunkGone) throw error;
    call.exchange.step('decompress', 'failed', `the stored bytes go out as they are: ${(error as Error).message}`);
    return undefined;
  }
}

/** A result too long for memory takes the way over the store; everything else is an error. */
function notTooLong(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ERR_BUFFER_TOO_LARGE') throw error;
  return undefined;
}

async function* limited(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > MAX_INFLATED_BYTES) throw new Error(`it decompresses to more than ${MAX_INFLATED_BYTES} bytes`);
    yield chunk;
  }
}

async function bytesOf(chunk: StoredChunk): Promise<Buffer> {
  if (Buffer.isBuffer(chunk.bytes)) return chunk.bytes;
  return Buffer.concat(await (await streamOf(chunk)).toArray());
}

async function streamOf({ bytes }: StoredChunk): Promise<Readable> {
  if (Buffer.isBuffer(bytes)) return Readable.from([bytes]);
  const stream = await bytes();
  if (!stream) throw new ChunkGone();
  return stream;
}

function piped(source: Readable, through: Transform): Transform {
  source.on('error', (error) => through.destroy(error));
  return source.pipe(through);
}

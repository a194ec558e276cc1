/** The bytes of a chunk as this client can take them: as stored, decompressed, or compressed on the way. */
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGunzip, createGzip, gunzip, gzip } from 'node:zlib';
import type { MailboxCall } from '../call.ts';
import { IN_MEMORY_BYTES, MAX_INFLATED_BYTES } from '../limits.ts';
import type { StoredChunk } from '../mailbox/chunks.ts';
import type { Message } from '../mailbox/message.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The least work: what is compressed on the way is for the wire only. */
const LEVEL = constants.Z_BEST_SPEED;

/** How much of a long payload is tried, and the share that it must shrink to. */
const SAMPLE_BYTES = 64 * 1024;
const WORTHWHILE_SHARE = 0.95;

export interface Payload {
  size: number;
  body: Buffer | Readable;
  /** Content-Encoding, if any. */
  encoding: string | undefined;
}

/**
 * Stored gzip goes out as it is to a client that takes gzip and decompressed to one that does not; plain bytes are compressed
 * for v2 clients that take gzip. The length is always known beforehand: clients read Content-Length.
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
  if (!(await isWorthPacking(chunk))) return stored(chunk, undefined);
  const packed = createGzip({ level: LEVEL });
  (await streamOf(chunk)).on('error', (error) => packed.destroy(error)).pipe(packed);
  return stored(await call.mesh.chunks.derive(call.space.name, message.id, number, 'gzip', packed), 'gzip');
}

/** Long payloads that do not shrink (encrypted, or compressed in another form) go out as they are: packing only takes time. */
async function isWorthPacking(chunk: StoredChunk): Promise<boolean> {
  const sample = await sampleOf(chunk);
  return (await compress(sample, { level: LEVEL })).length < sample.length * WORTHWHILE_SHARE;
}

async function sampleOf(chunk: StoredChunk): Promise<Buffer> {
  if (Buffer.isBuffer(chunk.bytes)) return chunk.bytes.subarray(0, SAMPLE_BYTES);
  const stream = await chunk.bytes();
  for await (const piece of stream) return (piece as Buffer).subarray(0, SAMPLE_BYTES);
  return Buffer.alloc(0);
}

async function stored(chunk: StoredChunk, encoding: string | undefined): Promise<Payload> {
  const body = Buffer.isBuffer(chunk.bytes) ? chunk.bytes : await chunk.bytes();
  return { size: chunk.size, body, encoding };
}

/** Decompressed; undefined where the bytes are not gzip, whatever the sender said, or grow beyond all measure. */
async function plain(
  call: MailboxCall,
  message: Message,
  number: number,
  chunk: StoredChunk,
): Promise<Payload | undefined> {
  try {
    if (chunk.size <= IN_MEMORY_BYTES) {
      const body = await decompress(await bytesOf(chunk), { maxOutputLength: IN_MEMORY_BYTES }).catch(notTooLong);
      if (body) return { size: body.length, body, encoding: undefined };
    }
    const unpacked = createGunzip();
    (await streamOf(chunk)).on('error', (error) => unpacked.destroy(error)).pipe(unpacked);
    const derived = await call.mesh.chunks.derive(call.space.name, message.id, number, 'plain', limited(unpacked));
    return await stored(derived, undefined);
  } catch (error) {
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
  return Buffer.concat(await (await chunk.bytes()).toArray());
}

async function streamOf(chunk: StoredChunk): Promise<Readable> {
  return Buffer.isBuffer(chunk.bytes) ? Readable.from([chunk.bytes]) : chunk.bytes();
}

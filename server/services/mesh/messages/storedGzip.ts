/**
 * The gzip format without compression (RFC 1952 around RFC 1951 3.2.4 blocks): what a client that takes gzip is given for a long
 * plain body. Its length is known beforehand and it costs next to nothing, where compressing would take longer than sending.
 */
import { crc32 } from 'node:zlib';
import { letGo } from '../../../core/http/letGo.ts';

/** Deflate, no flags, no time, unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const TRAILER_BYTES = 8;

/** RFC 1951 3.2.4: the length of a block is 16 bits, and stands twice in its header of five bytes. */
const BLOCK_BYTES = 0xffff;
const BLOCK_HEADER_BYTES = 5;

/** Bytes of the gzip form of a plain body. */
export function storedGzipSize(plainSize: number): number {
  return HEADER.length + plainSize + Math.ceil(plainSize / BLOCK_BYTES) * BLOCK_HEADER_BYTES + TRAILER_BYTES;
}

/** The gzip form of a body of `size` bytes, which is not 0. It frees the chunks that it reads; each that it gives is a new buffer. */
export async function* storedGzip(plain: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let crc = 0;
  let at = 0;
  yield Buffer.from(HEADER);
  for await (const chunk of plain) {
    crc = crc32(chunk, crc);
    const out = Buffer.allocUnsafeSlow(chunk.length + headersIn(at, chunk.length) * BLOCK_HEADER_BYTES);
    let filled = 0;
    for (let read = 0; read < chunk.length; ) {
      const begun = at % BLOCK_BYTES;
      if (begun === 0)
        filled = writeBlockHeader(out, filled, Math.min(BLOCK_BYTES, size - at), at + BLOCK_BYTES >= size);
      const copied = chunk.copy(out, filled, read, Math.min(chunk.length, read + BLOCK_BYTES - begun));
      read += copied;
      filled += copied;
      at += copied;
    }
    letGo(chunk);
    yield out;
  }
  const trailer = Buffer.allocUnsafe(TRAILER_BYTES);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield trailer;
}

/** How many blocks begin within `length` bytes from `at` on. */
function headersIn(at: number, length: number): number {
  return Math.ceil((at + length) / BLOCK_BYTES) - Math.ceil(at / BLOCK_BYTES);
}

function writeBlockHeader(out: Buffer, at: number, length: number, isLast: boolean): number {
  out[at] = isLast ? 1 : 0;
  out.writeUInt16LE(length, at + 1);
  out.writeUInt16LE(~length & 0xffff, at + 3);
  return at + BLOCK_HEADER_BYTES;
}

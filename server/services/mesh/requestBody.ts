/** Request bodies: streamed, counted, shown in part to the journal, and read to their end even when nobody wants them. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { BodyBroken } from '../../core/http/readBody.ts';

/** The body passed the length that was allowed. */
export class ChunkTooLarge extends Error {}

/**
 * The bytes of the body as they come. The journal keeps their beginning and their number. Throws ChunkTooLarge beyond
 * `limit` bytes and BodyBroken when the client breaks off.
 */
export async function* bodyOf(exchange: HttpExchange, limit: number): AsyncGenerator<Buffer> {
  const { request } = exchange;
  if (Number(request.headers['content-length']) > limit) throw new ChunkTooLarge();
  const shown: Buffer[] = [];
  const maxShown = exchange.context.journal.limits.maxBodyBytes;
  let size = 0;
  try {
    // The request must outlive the loop: its socket still has to carry the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (size < maxShown) shown.push(Buffer.from(chunk.subarray(0, maxShown - size)));
      size += chunk.length;
      if (size > limit) throw new ChunkTooLarge();
      yield chunk;
    }
    if (!request.complete) throw new BodyBroken('the client closed the connection before its body was complete');
  } catch (error) {
    throw error instanceof ChunkTooLarge ? error : new BodyBroken((error as Error).message);
  } finally {
    exchange.entry.request.body = { bytes: size, content: Buffer.concat(shown) };
  }
}

/**
 * Reads and forgets what is left of the body. Clients send the whole of it before they look for an answer, and one that is
 * cut off sees a reset in place of the error. Beyond `limit` bytes the connection is closed behind the answer instead.
 */
export async function dropBody(exchange: HttpExchange, limit: number): Promise<void> {
  const { request } = exchange;
  if (request.complete || request.destroyed || exchange.bodyRefused) return;
  if (Number(request.headers['content-length']) > limit) {
    exchange.bodyRefused = true;
    return;
  }
  let left = limit;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      left -= chunk.length;
      if (left >= 0) continue;
      exchange.bodyRefused = true;
      return;
    }
  } catch {
    // The client went away: there is nobody to answer, which the sending of the answer finds out.
  }
}

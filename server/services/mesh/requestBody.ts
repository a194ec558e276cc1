/** Request bodies: streamed, counted, shown in part to the journal, and read to their end even when nobody wants them. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { letGo } from '../../core/http/letGo.ts';
import { BodyBroken } from '../../core/http/readBody.ts';

/** The body passed the length that was allowed; what is left of it was not read. */
export class ChunkTooLarge extends Error {}

/**
 * The bytes of the body as they come, each chunk good until the next one is asked for. The journal keeps their beginning and
 * their number. Throws ChunkTooLarge beyond `limit` bytes and BodyBroken when the client breaks off.
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
      letGo(chunk);
    }
    if (request.complete === false)
      throw new BodyBroken('the client closed the connection before its body was complete');
  } catch (error) {
    throw error instanceof ChunkTooLarge ? error : new BodyBroken((error as Error).message);
  } finally {
    exchange.entry.request.body = { bytes: size, content: Buffer.concat(shown) };
  }
}

/**
 * Reads and forgets a body that nobody asked for. Clients send the whole of it before they look for an answer, and one that
 * is cut off sees a reset in place of the error. Beyond `limit` bytes the connection is closed behind the answer instead.
 */
export async function dropBody(exchange: HttpExchange, limit: number): Promise<void> {
  const { headers } = exchange.request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (!hasBody || exchange.entry.request.body !== undefined || exchange.bodyRefused) return;
  try {
    for await (const _ of bodyOf(exchange, limit));
  } catch (error) {
    // A client that went away is found out by the sending of the answer.
    exchange.bodyRefused = error instanceof ChunkTooLarge;
  }
}

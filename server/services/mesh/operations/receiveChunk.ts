/** Takes the body of a send into the store. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { MailboxCall } from '../call.ts';
import { ERRORS } from '../errors.ts';
import type { ReceivedChunk } from '../mailbox/chunks.ts';
import { isLossOrdered } from '../orderedFaults.ts';
import { bodyOf, ChunkTooLarge } from '../requestBody.ts';

/** `room`: bytes that the message may still grow by. The protocol's answer where the body is too long. */
export async function receiveChunk(
  call: MailboxCall,
  id: string,
  number: number,
  room: number,
): Promise<ReceivedChunk | HttpAnswer> {
  const { exchange, mesh, space } = call;
  const limit = Math.min(mesh.rules.maxChunkBytes, room);
  try {
    if (isLossOrdered(exchange)) return await lost(number, bodyOf(exchange, limit));
    return await mesh.chunks.receive(space.name, id, number, bodyOf(exchange, limit));
  } catch (error) {
    if (!(error instanceof ChunkTooLarge)) throw error;
    exchange.bodyRefused = true;
    return call.refuse(ERRORS.tooLarge, { why: `the body has more than ${limit} bytes` });
  }
}

/** Reads a body to its end and keeps nothing. */
async function lost(number: number, body: AsyncIterable<Buffer>): Promise<ReceivedChunk> {
  let size = 0;
  for await (const bytes of body) size += bytes.length;
  return { number, size, operations: [], lost: true, drop: async () => {} };
}

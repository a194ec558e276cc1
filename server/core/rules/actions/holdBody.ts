/** Takes a streamed body into memory, for what has to see it whole. */
import { Readable } from 'node:stream';
import type { HttpAnswer } from '../../http/answer.ts';

/** A longer body stays a stream. */
export const MAX_HELD_BYTES = 20 * 1024 * 1024;

/** True when the answer's body is no stream any more; false when it is too long, and still a stream of all its bytes. */
export async function holdBody(answer: HttpAnswer): Promise<boolean> {
  const { body } = answer;
  if (!(body instanceof Readable)) return true;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > MAX_HELD_BYTES) {
      answer.body = Readable.from(joined(chunks, body), { objectMode: false });
      return false;
    }
  }
  answer.body = Buffer.concat(chunks);
  return true;
}

async function* joined(chunks: readonly Buffer[], rest: Readable): AsyncGenerator<Buffer> {
  yield* chunks;
  for await (const chunk of rest) yield chunk as Buffer;
}

/** Reads a request body whatever its method and content type, within a limit. */
import type { IncomingMessage } from 'node:http';
import { sayContinue } from './continue.ts';

export class BodyTooLarge extends Error {
  readonly limit: number;
  constructor(limit: number) {
    super(`the request body is longer than ${limit} bytes`);
    this.limit = limit;
  }
}

/** The client went away, or its body did not match its framing. */
export class BodyBroken extends Error {}

/**
 * All bytes of the body. Throws `BodyTooLarge` as soon as the limit is passed (the rest is left to the
 * sender of the answer) and `BodyBroken` when the client breaks off.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length']);
  if (declared > limit) return Promise.reject(new BodyTooLarge(limit));
  sayContinue(request);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners('data');
        request.pause();
        reject(new BodyTooLarge(limit));
      } else {
        chunks.push(chunk);
      }
    });
    let ended = false;
    request.on('end', () => {
      ended = true;
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    });
    request.on('error', (error) => reject(new BodyBroken(error.message)));
    // An error costs its stack; a request closes after every body.
    request.on('close', () => {
      if (!ended) reject(new BodyBroken('the client closed the connection before its body was complete'));
    });
  });
}

/** Sends a body as it comes, no faster than the client reads, and notes what was sent. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { Beginning } from '../journal/beginning.ts';
import { type HttpAnswer, headerOf } from './answer.ts';
import { endWhenHeardOut, hasUnreadBody } from './hearOut.ts';
import type { HttpExchange } from './httpExchange.ts';
import { letGo } from './letGo.ts';

/**
 * Writes the body, closes the exchange, ends the answer. A source that fails, ends early or has another length than was
 * announced breaks the connection: the client must not take what it got for the whole. Never rejects.
 */
export async function streamBody(
  response: ServerResponse,
  exchange: HttpExchange,
  answer: HttpAnswer,
  body: Readable,
): Promise<void> {
  const { socket } = exchange.request;
  const kept = new Beginning(exchange.context.journal.limits.maxBodyBytes, answer.freesBody);
  // RFC 9110 8.6: without a body it says how long that of a GET, or of the 200, would be; 204 has none whatever it says.
  const bodiless = exchange.method === 'HEAD' || answer.status === 304 || answer.status === 204;
  const announced = bodiless ? undefined : headerOf(answer, 'content-length');
  // Before what tells the client that it has all: a test that has its answer finds the entry.
  const close = () => {
    if (exchange.closed) return;
    exchange.entry.response.body = kept.body();
    exchange.close();
  };
  const stop = () => body.destroy();
  socket.once('close', stop);
  try {
    for await (const chunk of body) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Buffer);
      kept.add(bytes);
      if (Number(announced) === kept.bytes) close();
      if (!response.write(bytes, answer.freesBody ? () => letGo(bytes) : undefined)) await drained(response);
    }
    if (announced !== undefined && Number(announced) !== kept.bytes) {
      throw new Error(`it has ${kept.bytes} bytes, and ${announced} were announced`);
    }
  } catch (error) {
    if (socket.destroyed) {
      exchange.fail('client-gone', 'the client closed the connection before it had the whole answer');
    } else {
      const { code, message, advice } = error as NodeJS.ErrnoException & { advice?: string };
      // Node says "aborted" of a message whose connection was closed.
      const why = code === 'ECONNRESET' ? 'its sender closed the connection before its end' : message;
      exchange.fail('answer-broken', `the answer broke off: ${why}`);
      if (exchange.entry.advice === undefined && advice !== undefined) exchange.entry.advice = advice;
    }
    socket.destroy();
  }
  socket.off('close', stop);
  close();
  if (hasUnreadBody(exchange.request)) endWhenHeardOut(exchange.request, response);
  else response.end();
}

/** Resolves when the client has read on, or is gone. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const { socket } = response.req;
    const done = () => {
      response.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    if (socket.destroyed) resolve();
    else {
      response.once('drain', done);
      socket.once('close', done);
    }
  });
}

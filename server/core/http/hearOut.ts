/** Ends an answer whose request was not read to its end. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isHeld } from './continue.ts';

/** A client that stops sending is not waited for any longer than this: nginx's lingering_timeout. */
const PAUSE_MS = 5_000;
/** A client that goes on sending is not listened to any longer than this: nginx's lingering_time. */
const LONGEST_MS = 30_000;

/** How to end the answers that wait for the rest of their request. */
const WAITING = new WeakMap<ServerResponse, () => void>();

/** True for a request whose body is still on its way. */
export function hasUnreadBody(request: IncomingMessage): boolean {
  if (request.complete) return false;
  // Who waits to be told to go on, and never will be, sends nothing.
  if (isHeld(request) && !request.readableDidRead && request.readableLength === 0) return false;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  return coding !== undefined || (length !== undefined && length !== '0');
}

/**
 * Reads and drops the rest of the body, then ends the answer, which must be written but for its end. A connection that is
 * closed with bytes unread is reset by the system, and a client that sends first and reads then never sees its answer.
 */
export function endWhenHeardOut(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    WAITING.delete(response);
    clearTimeout(pause);
    clearTimeout(longest);
    request.off('data', go);
    request.off('end', end);
    request.off('close', end);
    response.end();
  };
  const pause = setTimeout(end, PAUSE_MS).unref();
  const longest = setTimeout(end, LONGEST_MS).unref();
  const go = () => pause.refresh();
  WAITING.set(response, end);
  request.on('data', go);
  request.once('end', end);
  request.once('close', end);
  request.resume();
}

/** Ends an answer that waits so: the rest of its request can't be read. False when it does not wait. */
export function hearNoMore(response: ServerResponse): boolean {
  const end = WAITING.get(response);
  end?.();
  return end !== undefined;
}

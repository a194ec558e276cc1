/** Clients that wait for 100 (Continue) before they send a body (RFC 9110 10.1.1). */
import type { IncomingMessage, ServerResponse } from 'node:http';

const held = new WeakMap<IncomingMessage, ServerResponse>();

/** The client of a request gets no 100 until it is told to go on. */
export function holdContinue(request: IncomingMessage, response: ServerResponse): void {
  held.set(request, response);
}

/** True for a client that was not told to go on. It may have sent its body all the same, after a while. */
export const isHeld = (request: IncomingMessage): boolean => held.has(request);

/** Tells a client that waits to go on; once, and no other. */
export function sayContinue(request: IncomingMessage): void {
  const response = held.get(request);
  held.delete(request);
  if (response && !response.headersSent && !request.socket.destroyed) response.writeContinue();
}

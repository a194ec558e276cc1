/** The first bytes of a connection, past its stream: into its buffer and out again is most of what a front door would cost. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * What comes on the socket goes to `take`, until `restore`; the end of the stream goes on as ever. `push` is where every
 * `Readable` gets its bytes.
 */
export function divert(raw: Socket, take: (chunk: Buffer) => void): void {
  raw.push = (chunk: Buffer | null): boolean => {
    if (chunk !== null) {
      take(chunk);
      return true;
    }
    restore(raw);
    return raw.push(null);
  };
  // A fresh socket reads already; one that has spoken before (StartTLS) may have been stopped, with bytes in its buffer.
  if (raw.readableFlowing === null && raw.readableLength === 0) return;
  const early: Buffer | null = raw.read();
  if (early) take(early);
  raw.read(0);
}

/** What comes is kept by the stream again. */
export function restore(raw: Socket): void {
  raw.push = Duplex.prototype.push;
  // It must not flow on with nobody listening: what is not for us would be lost.
  if (raw.readableFlowing) raw.pause();
}

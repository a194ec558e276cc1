/** Watches a body go by for the journal: counts all of it, keeps its beginning. */
import type { Readable } from 'node:stream';
import type { Body } from '../journal/entry.ts';
import { relieve } from './relief.ts';

export interface Tap {
  body(): Body;
}

/** `limit`: bytes kept. The stream flows once its own reader pipes or iterates, and no faster than that one takes it. */
export function tap(stream: Readable, limit: number): Tap {
  // Paused, so that nothing flows by before the stream's own reader is there; `pipe` and iteration go on from here.
  stream.pause();
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    relieve(bytes, bytes + chunk.length);
    bytes += chunk.length;
    if (keptBytes >= limit) return;
    // A copy: a slice of a pooled chunk would hold the whole chunk in memory.
    const part = Buffer.from(chunk.subarray(0, limit - keptBytes));
    kept.push(part);
    keptBytes += part.length;
  });
  return { body: () => ({ bytes, content: Buffer.concat(kept, keptBytes) }) };
}

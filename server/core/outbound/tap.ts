/** Watches a body go by for the journal: counts all of it, keeps its beginning. */
import type { Readable } from 'node:stream';
import { Beginning } from '../journal/beginning.ts';
import { relieve } from './relief.ts';

/** `limit`: bytes kept. The stream flows once its own reader pipes or iterates, and no faster than that one takes it. */
export function tap(stream: Readable, limit: number): Beginning {
  // Paused, so that nothing flows by before the stream's own reader is there; `pipe` and iteration go on from here.
  stream.pause();
  const kept = new Beginning(limit);
  stream.on('data', (chunk: Buffer) => {
    relieve(kept.bytes, kept.bytes + chunk.length);
    kept.add(chunk);
  });
  return kept;
}

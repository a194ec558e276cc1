/**
 * Keeps memory flat while a large body streams by. Each piece that TLS decrypts is a buffer outside of the heap, let go at the
 * next collection of young objects, which the few small objects per piece do not bring about for some 90 MB. A collection of
 * the young alone takes about a millisecond: with one for every few megabytes 250 MB pass with 30 MB more, and faster.
 */
import { type Collect, collector } from '../collector.ts';

/** So many bytes pass between two collections. */
const EVERY_BYTES = 8 << 20;

let collect: Collect | undefined;

/** To be told how many bytes of a body have passed before and after a piece. */
export function relieve(before: number, after: number): void {
  if (Math.floor(before / EVERY_BYTES) === Math.floor(after / EVERY_BYTES)) return;
  collect ??= collector();
  collect({ type: 'minor' });
}

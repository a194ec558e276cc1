/** How V8 keeps the heap: where objects begin, and how far it may grow between two full collections. */
import { setFlagsFromString } from 'node:v8';
import { collector } from './core/collector.ts';

/**
 * Per cent of what was alive after the last one. By itself V8 waits for up to four times as much, and the journal turns over:
 * each exchange beyond its limit leaves an old entry behind. So a journal of 60 MB came with 100 MB of garbage. Measured
 * were 60, with which a small exchange takes up to a tenth more than by V8's own measure, in 70 MB less, and 150, with which a MESH
 * send takes a twentieth less than with 60, in 30 MB more: this lies between.
 */
const GROWTH_PERCENT = 100;

/**
 * Lets every new object begin in the young heap. By itself V8 makes arrays old at once where the first hundred of their kind lived
 * long, as those of the start do. Later ones are dead in a moment, and keep all that they name until a full collection: reading
 * 110,000 directory entries then took half as much processor time again and 160 MB more, in about every second process.
 */
export function beginYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** For the whole process, from the next collection on. */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

/** Seed, schemas and certificates are read by then. */
const SETTLED_MS = 1_000;

/**
 * Collects once what reading the seed left behind, some 30 MB. An idle process would keep it for long: V8 collects when something
 * new is made.
 */
export function letGoOfStart(): void {
  const collect = () => collector()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setTimeout(collect, SETTLED_MS).unref();
}

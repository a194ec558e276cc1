/** When pieces of work begin: as soon as a connection is free, or so many a second whoever answers them. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until the piece of that number, counted from 0, may begin. */
export type Turn = (index: number) => Promise<void> | undefined;

/** `perSecond`: without it none has to wait. */
export function pace(perSecond?: number): Turn {
  const began = performance.now();
  return (index) => {
    if (perSecond === undefined) return undefined;
    const early = began + (index * 1000) / perSecond - performance.now();
    return early > 0 ? sleep(early) : undefined;
  };
}

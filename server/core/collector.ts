/** V8's own collector of garbage, which has to be asked for. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface CollectOptions {
  type: 'minor' | 'major';
  execution?: 'sync';
  /** `last-resort` gives the memory back to the system too. */
  flavor?: 'last-resort';
}

export type Collect = (options: CollectOptions) => void;

/** Does nothing where it is not to be had. */
export function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('typeof gc === "function" ? gc : undefined');
  return typeof found === 'function' ? (found as Collect) : () => {};
}

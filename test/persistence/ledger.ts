/** What a client remembers of what was acknowledged to it. */
import type { Running } from './process.ts';

export interface Ledger {
  /** What it loads. */
  name: string;
  /** Before anything is killed. */
  begin?(running: Running): Promise<void>;
  /** One piece of work, the nth. Throws when its connection breaks: then it is not known whether it was done. */
  work(running: Running, n: number): Promise<void>;
  /** How much was acknowledged. */
  count(): number;
  /** Against another process: what of the acknowledged is not there, and what is there by half or twice. */
  faults(running: Running): Promise<string[]>;
}

/** Runs checks some at a time; gives the names of those that came out false or failed. */
export async function failing<T>(items: Iterable<T>, check: (item: T) => Promise<boolean | string>): Promise<string[]> {
  const faults: string[] = [];
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const found = await check(item).catch((error: Error) => error.message);
      if (found !== true) faults.push(`${JSON.stringify(item)}${found ? `: ${found}` : ''}`);
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return faults;
}

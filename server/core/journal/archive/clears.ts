/** What was cleared: entries of a space up to a sequence number are as if they were not there, until their segment goes. */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hashOf } from './hash.ts';

interface Line {
  /** Absent: all spaces. */
  space?: string;
  upTo: number;
}

/** One text for a space: a row's hash gives the same. */
const keyOf = (low: number, high: number) => `${high} ${low}`;

function keyOfSpace(space: string): string {
  const { low, high } = hashOf(space);
  return keyOf(low, high);
}

/** The file is written anew when it has so many lines: a test run may clear a space after each test. */
const MAX_LINES = 10_000;

export class Clears {
  readonly #file: string;
  #lines = 0;
  readonly #spaces = new Map<string, number>();
  readonly #byHash = new Map<string, number>();
  /** Everything up to here was cleared. */
  all = 0;
  /** The largest number up to which any single space was cleared. */
  latest = 0;

  /** Reads the file if there is one; a line that was cut off by a sudden end was never acknowledged. */
  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const text of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      try {
        this.#note(JSON.parse(text) as Line);
      } catch {
        // Not a line of ours; what it cleared shows again.
      }
    }
  }

  get isLong(): boolean {
    return this.#lines > MAX_LINES;
  }

  /** Throws what writing throws. */
  add(space: string | undefined, upTo: number): void {
    const line: Line = space === undefined ? { upTo } : { space, upTo };
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    this.#note(line);
  }

  upTo(space: string): number {
    return Math.max(this.all, this.#spaces.get(space) ?? 0);
  }

  /** As `upTo`, by the hash of the space's name. */
  upToOf(low: number, high: number): number {
    return this.#byHash.get(keyOf(low, high)) ?? 0;
  }

  /** Forgets what is about entries that have gone, and writes the file anew. */
  compact(oldest: number): void {
    for (const [space, upTo] of this.#spaces) {
      if (upTo >= oldest && upTo > this.all) continue;
      this.#spaces.delete(space);
      this.#byHash.delete(keyOfSpace(space));
    }
    this.latest = Math.max(0, ...this.#spaces.values());
    const lines: Line[] = [{ upTo: this.all }, ...[...this.#spaces].map(([space, upTo]) => ({ space, upTo }))];
    writeFileSync(`${this.#file}.new`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
    renameSync(`${this.#file}.new`, this.#file);
    this.#lines = lines.length;
  }

  #note({ space, upTo }: Line): void {
    this.#lines++;
    if (!Number.isSafeInteger(upTo)) return;
    if (space === undefined) {
      this.all = Math.max(this.all, upTo);
      return;
    }
    this.#spaces.set(space, upTo);
    this.#byHash.set(keyOfSpace(space), upTo);
    this.latest = Math.max(this.latest, upTo);
  }
}

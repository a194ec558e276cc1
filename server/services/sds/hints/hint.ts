/** What to tell a developer whose search found nothing. */
export interface Hint {
  /** What was looked for: an attribute, a base, a name in a list. */
  kind: string;
  /** What there is instead, or what was written. */
  candidate: string;
  reason: string;
}

/** A look-up has three clauses; more hints than this hide the one that counts. */
export const MAX_HINTS = 6;

/** The first few of a sequence. */
export function first<T>(count: number, sequence: Iterable<T>): T[] {
  const taken: T[] = [];
  if (count <= 0) return taken;
  for (const one of sequence) if (taken.push(one) === count) break;
  return taken;
}

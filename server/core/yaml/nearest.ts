/** What a misspelt word was probably meant to be. */

/** A guess that needs more edits than a third of the word is noise, not help. */
const WORST_SHARE_OF_EDITS = 1 / 3;

/** Longer words are not compared: the cost is the product of both lengths, and no name we know is longer. */
const LONGEST_WORD = 200;

/**
 * The candidate that needs the fewest edits (insert, delete, replace, swap neighbours) to become `word`, letter case
 * counting half an edit; undefined when none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(Math.min(1, word.length - 1), word.length * WORST_SHARE_OF_EDITS);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > bestDistance || candidate.length > LONGEST_WORD) continue;
    const distance = edits(word, candidate);
    if (distance < bestDistance || (distance === bestDistance && best === undefined)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function edits(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const a = from[i - 1]!;
      const b = to[j - 1]!;
      const replace = a === b ? 0 : a.toLowerCase() === b.toLowerCase() ? 0.5 : 1;
      let least = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + replace);
      if (i > 1 && j > 1 && a === to[j - 2] && from[i - 2] === b) least = Math.min(least, before[j - 2]! + 1);
      row[j] = least;
    }
    before = previous;
    previous = row;
  }
  return previous[to.length]!;
}

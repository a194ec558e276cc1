/** From which entry on a sequence goes furthest, without trying each beginning on all that is behind it. */
import type { JournalEntry } from './entry.ts';
import { fits, type SequenceStep } from './sequenceStep.ts';

/** Numbers of entries in their order. */
type Places = readonly number[];

/**
 * The first beginning by which most of the steps are met, its index; past the end when there is none. For steps that ask for one entry
 * at least and bound nothing from above: each takes the next entries that there are.
 */
export function furthest(entries: readonly JournalEntry[], steps: readonly SequenceStep[]): number {
  const places = steps.map((step) => placesOf(entries, step));
  let best = { begin: entries.length, met: -1 };
  for (const begin of places[0]!(undefined)) {
    const met = metFrom(begin);
    if (met > best.met) best = { begin, met };
    if (met === steps.length) break;
  }
  return best.begin;

  function metFrom(begin: number): number {
    const firsts: JournalEntry[] = [];
    let at = begin;
    for (const [index, { atLeast, like }] of steps.entries()) {
      const own = places[index]!(like && firsts[like.step]);
      const next = firstNotBefore(own, at);
      const last = own[next + atLeast - 1];
      if (last === undefined) return index;
      firsts.push(entries[own[next]!]!);
      at = last + 1;
    }
    return steps.length;
  }
}

/** Where entries are that a step asks for, those alone that are like an earlier one if there is one. */
function placesOf(entries: readonly JournalEntry[], step: SequenceStep): (earlier: JournalEntry | undefined) => Places {
  const places: number[] = [];
  for (const [place, entry] of entries.entries()) if (fits(entry, step, [])) places.push(place);
  if (!step.like) return () => places;
  const keyOf = step.like.keys(entries);
  const byKey = Map.groupBy(places, (place) => keyOf(entries[place]!));
  byKey.delete(undefined);
  return (earlier) => (earlier ? (byKey.get(keyOf(earlier)) ?? []) : places);
}

/** Index of the first place that is not before `at`. */
function firstNotBefore(places: Places, at: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

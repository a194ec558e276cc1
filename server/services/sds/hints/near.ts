/** The value that is most like one that is nowhere: an interaction of another version, a mistyped code. */
import { nearest } from '../../../core/yaml/nearest.ts';

/** Values that are looked at, so that an unlucky look-up costs no more than a found one in a large directory. */
const MAX_LOOKED_AT = 2000;

/** Values that are compared letter by letter: the cost of each is the product of both lengths. */
const MAX_COMPARED = 24;

/** Letters that a candidate may have less in common with the value than the best has. */
const SLACK = 8;

/** Letters that two texts have in common at their beginning and at their end. */
function likeness(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  return start + end;
}

/** The value among `values` that is nearest to `value`, or undefined when none is near. */
export function nearestValue(value: string, values: Iterable<string>): string | undefined {
  const scored: [score: number, value: string][] = [];
  let best = 0;
  for (const other of values) {
    if (scored.length === MAX_LOOKED_AT) break;
    const score = likeness(value, other);
    if (score > best) best = score;
    scored.push([score, other]);
  }
  const candidates = scored.filter(([score]) => score > 0 && score >= best - SLACK);
  candidates.sort((a, b) => b[0] - a[0]);
  return nearest(
    value,
    candidates.slice(0, MAX_COMPARED).map(([, other]) => other),
  );
}

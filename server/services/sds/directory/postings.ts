/** Lists of entry ids, in rising order. */

/** Place of the first id that is not below `id`, between the places `low` and `high`. */
export function lowerBound(ids: readonly number[], id: number, low = 0, high = ids.length): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The same from a place on, for an id that is not far behind it: a few neighbours are looked at in place of half the list. */
function boundBehind(ids: readonly number[], id: number, from: number): number {
  let low = from;
  let high = from;
  for (let step = 1; high < ids.length && ids[high]! < id; step *= 2) {
    low = high + 1;
    high += step;
  }
  return lowerBound(ids, id, low, Math.min(high, ids.length));
}

/** Adds an id; ids mostly come in rising order, so this is mostly a push. */
export function insertId(ids: number[], id: number): void {
  const last = ids.at(-1);
  if (last === undefined || last < id) {
    ids.push(id);
    return;
  }
  const at = lowerBound(ids, id);
  if (ids[at] !== id) ids.splice(at, 0, id);
}

export function removeId(ids: number[], id: number): void {
  const at = lowerBound(ids, id);
  if (ids[at] === id) ids.splice(at, 1);
}

/** Ids that are in every list. */
export function intersection(lists: readonly (readonly number[])[]): readonly number[] {
  const sorted = [...lists].sort((a, b) => a.length - b.length);
  const [smallest, ...others] = sorted;
  if (!smallest || others.length === 0 || smallest.length === 0) return smallest ?? [];
  const places = others.map((ids) => lowerBound(ids, smallest[0]!));
  return smallest.filter((id) => {
    for (let n = 0; n < others.length; n++) {
      const ids = others[n]!;
      const place = boundBehind(ids, id, places[n]!);
      places[n] = place;
      if (ids[place] !== id) return false;
    }
    return true;
  });
}

/** Ids that are in any list. */
export function union(lists: readonly (readonly number[])[]): readonly number[] {
  if (lists.length === 1) return lists[0]!;
  const all = new Set<number>();
  for (const ids of lists) for (const id of ids) all.add(id);
  return [...all].sort((a, b) => a - b);
}

/** Lists of entry ids, in rising order. */

/** Place of the first id that is not below `id`. */
export function lowerBound(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function hasId(ids: readonly number[], id: number): boolean {
  return ids[lowerBound(ids, id)] === id;
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
  return smallest.filter((id) => {
    for (const ids of others) if (!hasId(ids, id)) return false;
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

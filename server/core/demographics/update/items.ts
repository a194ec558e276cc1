/** Changes of the lists in a record: what ends stays as history, what takes its place gets an object id of its own. */
import type { PatientItem } from '../../world/types.ts';
import type { Content, ItemChange, Stamp } from './change.ts';
import { breaks } from './fault.ts';

export interface ItemRules {
  stamp: Stamp;
  correction: boolean;
  /** For messages, such as "address". */
  noun: string;
}

/** A new item as PDS keeps it; the world gives it an object id. It begins today if nothing else is said. */
export function recorded<Item extends PatientItem>(content: Content<Item>, { source, recorded, today }: Stamp): Item {
  return { from: today, ...content, source, recordedFrom: recorded } as unknown as Item;
}

/** An item that no longer holds: from when its successor begins, or from today. */
export function ended<Item extends PatientItem>(item: Item, { recorded, today }: Stamp, successor?: string): Item {
  const last = successor ?? today;
  const to = item.to !== undefined && item.to < last ? item.to : last;
  return { ...item, to: item.from !== undefined && to < item.from ? item.from : to, recordedTo: recorded };
}

/** Changes the list in place: the current items first, then the history. */
export function changeItems<Item extends PatientItem>(
  items: Item[],
  changes: readonly ItemChange<Item>[],
  rules: ItemRules,
): void {
  for (const change of changes) {
    if (change.mode === 'added') items.unshift(recorded(change.item!, rules.stamp));
    else replace(items, change, rules);
  }
}

function replace<Item extends PatientItem>(items: Item[], change: ItemChange<Item>, rules: ItemRules): void {
  const { stamp, correction } = rules;
  const index = currentIndex(items, change.objectId, rules.noun);
  const old = items[index]!;
  if (change.mode === 'removed') {
    items.splice(index, 1);
    items.push(ended(old, stamp));
    return;
  }
  const item = recorded(change.item!, stamp);
  items[index] = item;
  if (!correction) items.push(ended(old, stamp, item.from));
}

/** Only what holds or will hold can be changed; history is what it was. */
function currentIndex(items: readonly PatientItem[], objectId: string | undefined, noun: string): number {
  if (objectId === undefined) breaks('UID_MUST_BE_PROVIDED', `the object id of the ${noun} is missing`);
  const index = items.findIndex((item) => item.objectId === objectId && item.recordedTo === undefined);
  if (index < 0) breaks(undefined, `no ${noun} of the record has the object id ${objectId}: retrieve it again`);
  return index;
}

/** NHS numbers for new records, from a block of their own. */
import { checkDigit } from '../../world/nhsNumber.ts';
import type { World } from '../../world/world.ts';

/** Numbers that begin with 999 are never issued; seeds keep out of this block of about 90,000. */
const FIRST = 999_800_000;
const LAST = 999_899_999;
const BLOCK = '9998';

/** Nine digits of the number that a world gave last. */
const GIVEN = new WeakMap<World, number>();
const WATCHED = new WeakSet<World>();

/** A number that no record has; two callers never get the same. Throws when the block is used up. */
export async function nextNumber(world: World): Promise<string> {
  watch(world);
  for (;;) {
    const nine = (GIVEN.get(world) ?? FIRST - 1) + 1;
    if (nine > LAST) throw new Error('the block of NHS numbers for new records is used up');
    // Taken before anything is awaited.
    GIVEN.set(world, nine);
    const digit = checkDigit(String(nine));
    if (digit !== undefined && !(await world.patients.get(nine + digit))) return nine + digit;
  }
}

/** After a reset the block is free again: the same requests get the same numbers. */
function watch(world: World): void {
  if (WATCHED.has(world)) return;
  WATCHED.add(world);
  world.onChange(({ kind, id, value }) => {
    if (kind === 'patients' && value === undefined && id.startsWith(BLOCK)) GIVEN.delete(world);
  });
}

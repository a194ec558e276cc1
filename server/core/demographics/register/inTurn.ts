/** New records of people born on one day are made one after the other: each must see those before it, or one person gets two numbers. */
import type { World } from '../../world/world.ts';

const WAITING = new WeakMap<World, Map<string, Promise<unknown>>>();

/** Does the work when all work for that day of birth (HL7 digits) that began before it is done, whether it came off or not. */
export function inTurn<Result>(world: World, dateOfBirth: string, work: () => Promise<Result>): Promise<Result> {
  const turns = WAITING.get(world) ?? new Map<string, Promise<unknown>>();
  WAITING.set(world, turns);
  const day = dateOfBirth.slice(0, 8);
  const result = (turns.get(day) ?? Promise.resolve()).then(work);
  // The next in turn has nothing to do with how this one ends.
  const over = result.then(
    () => undefined,
    () => undefined,
  );
  turns.set(day, over);
  void over.then(() => {
    if (turns.get(day) === over) turns.delete(day);
  });
  return result;
}

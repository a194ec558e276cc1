/** The user whose card it is, and what the user may be. */
import { londonDay } from '../../../core/clock/london.ts';
import { isOpen, rolesOf } from '../../../core/world/tables/people.ts';
import { GasRefusal } from '../errors.ts';
import type { Validation } from './validation.ts';

export function findUser(login: Validation): void {
  const { uid } = login;
  const { world, name } = login.exchange.space;
  const person = world.people.get(uid);
  if (!person) throw new GasRefusal('gas-user', `there is no user ${uid} in the space ${name}`);
  if (!person.active) throw new GasRefusal('gas-user', `the user ${uid} is not active`);
  login.person = person;
}

/** Roles that are not open today are not offered (assumed). A user without any still gets a ticket. */
export function listRoles(login: Validation): void {
  const day = londonDay(login.exchange.space.clock.now());
  login.roles = rolesOf(login.person).filter((held) => isOpen(held, day));
}

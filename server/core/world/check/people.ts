import type { Card, Person, Workgroup, WorkgroupType } from '../types.ts';
import { type CheckContext, error, type Finding, warning } from './finding.ts';
import { organisationExists } from './references.ts';

export function* checkPerson(person: Person, context: CheckContext): Generator<Finding> {
  const seen = new Set([person.uid]);
  for (const [index, employment] of person.employments.entries()) {
    yield* organisationExists(employment.ods, ['employments', index, 'ods'], context);
    for (const place of [...(employment.sites ?? []), ...(employment.departments ?? [])]) {
      yield* organisationExists(place, ['employments', index, 'sites'], context);
    }
    const owner = context.tables.people.byEmployment(employment.id);
    yield* unique(employment.id, ['employments', index, 'id'], seen, owner?.uid, person.uid);
    for (const [place, role] of employment.roles.entries()) {
      const path = ['employments', index, 'roles', place];
      const holder = context.tables.people.byRole(role.id)?.person.uid;
      yield* unique(role.id, [...path, 'id'], seen, holder, person.uid);
      for (const group of role.workgroups ?? []) {
        if (!context.tables.workgroups.has(group))
          yield warning([...path, 'workgroups'], `there is no workgroup "${group}"`);
      }
    }
  }
}

/** The directory names user, employment and role by twelve digits each; messages name a role by its digits alone. */
function* unique(
  id: string,
  path: Finding['path'],
  seen: Set<string>,
  owner: string | undefined,
  uid: string,
): Generator<Finding> {
  if (seen.has(id)) yield error(path, `${id} is used twice in this record`);
  seen.add(id);
  if (owner !== undefined && owner !== uid) yield error(path, `${id} belongs to user ${owner} already`);
}

export function* checkCard(card: Card, { tables }: CheckContext): Generator<Finding> {
  const person = tables.people.get(card.uid);
  if (!person) yield warning(['uid'], `there is no user ${card.uid}`);
  const active = tables.cards.byUid(card.uid).find((other) => other.id !== card.id && other.status === 'active');
  if (card.status === 'active' && active) {
    yield warning(
      ['status'],
      `user ${card.uid} has another active card, ${active.id}`,
      'a user has one active card at a time',
    );
  }
}

export function* checkWorkgroup(workgroup: Workgroup, context: CheckContext): Generator<Finding> {
  const { workgroups, workgroupTypes } = context.tables;
  yield* organisationExists(workgroup.ods, ['ods'], context);
  const { id, type, parent, otherParents = [] } = workgroup;
  if (type !== undefined && !workgroupTypes.has(type)) yield warning(['type'], `there is no workgroup type "${type}"`);
  if (parent === id) yield error(['parent'], 'a workgroup is not its own parent');
  else if (isAbove(workgroup, context)) yield error(['parent'], 'a workgroup is not above its own parent');
  for (const above of parent === undefined ? otherParents : [parent, ...otherParents]) {
    if (!workgroups.has(above)) yield warning(['parent'], `there is no workgroup "${above}"`);
  }
}

/** True when the way up from the workgroup's parent leads to the workgroup itself: readers that follow it would never end. */
function isAbove({ id, parent }: Workgroup, { tables }: CheckContext): boolean {
  const seen = new Set<string>();
  for (let up = parent; up !== undefined && !seen.has(up); up = tables.workgroups.get(up)?.parent) {
    if (up === id) return true;
    seen.add(up);
  }
  return false;
}

/** The directory names a type by its name. */
export function* checkWorkgroupType({ type, name }: WorkgroupType, { tables }: CheckContext): Generator<Finding> {
  const key = name.trim().toLowerCase();
  const other = [...tables.workgroupTypes.values()].find(
    (one) => one.type !== type && one.name.trim().toLowerCase() === key,
  );
  if (other) yield error(['name'], `is the name of the workgroup type "${other.type}" already`);
}

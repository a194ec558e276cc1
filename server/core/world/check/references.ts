/** Rules that several nouns share. */
import { nearest } from '../../yaml/nearest.ts';
import type { Registration } from '../types.ts';
import { type CheckContext, type Finding, warning } from './finding.ts';

/** An ODS code should have an organisation: the directory, role lists and the web pages show its name. */
export function* organisationExists(ods: string, path: Finding['path'], { tables }: CheckContext): Generator<Finding> {
  if (tables.organisations.has(ods)) return;
  const guess = nearest(
    ods,
    [...tables.organisations.values()].map((organisation) => organisation.ods),
  );
  yield warning(path, `there is no organisation "${ods}"`, guess && `did you mean "${guess}"?`);
}

/**
 * Requestor and approver name an existing role, or SYSTEM. They are texts, not DNs: real entries have stray blanks and odd
 * letter case, so only the first identifier in them is looked at.
 */
export function* registrationRoles(
  registration: Registration | undefined,
  { tables }: CheckContext,
): Generator<Finding> {
  for (const field of ['requestor', 'approver', 'dnsApprover'] as const) {
    const text = registration?.[field];
    if (text === undefined || text.toUpperCase() === 'SYSTEM') continue;
    const role = /uniqueidentifier\s*=\s*(\d+)/i.exec(text)?.[1];
    if (role === undefined || !tables.people.byRole(role)) {
      yield warning(['registration', field], `names no role profile of this world`, 'write SYSTEM or the DN of a role');
    }
  }
}

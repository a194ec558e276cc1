/** The entries that hold the others. */
import { type Entry, makeEntry } from '../directory/entry.ts';
import {
  AREAS_OF_WORK,
  BASELINES,
  BUSINESS_FUNCTIONS,
  CATEGORY_BAGS,
  CHANGE_LOG,
  JOB_ROLES,
  ORGANISATION_SUB_TYPES,
  ORGANISATION_TYPES,
  ORGANISATIONS,
  PEOPLE,
  REFERENCE_DATA,
  SERVICES,
  SUFFIX,
  WORKGROUP_TYPES,
  WORKGROUPS,
} from './names.ts';

const unit = (dn: string): Entry =>
  makeEntry(dn, { objectClass: ['top', 'organizationalUnit'], ou: /^ou=([^,]+)/.exec(dn)![1] });

/** The suffix, then parents before children. */
export function containers(): Entry[] {
  return [
    makeEntry(SUFFIX, { objectClass: ['top', 'organization'], o: 'nhs' }),
    ...[SERVICES, ORGANISATIONS, PEOPLE, REFERENCE_DATA].map(unit),
    ...[WORKGROUPS, WORKGROUP_TYPES, JOB_ROLES, AREAS_OF_WORK, BUSINESS_FUNCTIONS, BASELINES].map(unit),
    ...[ORGANISATION_TYPES, ORGANISATION_SUB_TYPES, CATEGORY_BAGS].map(unit),
    makeEntry(CHANGE_LOG, {
      objectClass: ['top', 'nhsExternalChangelog'],
      cn: 'Changelog',
      firstchangenumber: '0',
      lastchangenumber: '0',
    }),
  ];
}

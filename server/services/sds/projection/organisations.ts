/** Organisations and workgroups as entries. */
import type { Organisation, Workgroup } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { organisationDn, workgroupDn } from './names.ts';

/** Dates of organisations and roles have eight digits in the directory. */
export function directoryDate(date: string | undefined): string | undefined {
  return date?.replaceAll('-', '').slice(0, 8);
}

/** Organisation type code of GP practices, which have a class of their own. */
const GP_PRACTICE = 'PR';

/** nhsOrg, or nhsGPPractice. Every organisation here is invented, which is what nhsSyntheticIndicator says. */
export function organisationEntry(organisation: Organisation): Entry {
  const practice = organisation.typeCode === GP_PRACTICE;
  return makeEntry(organisationDn(organisation.ods), {
    objectClass: ['top', 'organization', practice ? 'nhsGPPractice' : 'nhsOrg'],
    uniqueIdentifier: organisation.ods,
    nhsIDCode: organisation.ods,
    o: organisation.name,
    nhsOrgType: organisation.type,
    nhsOrgTypeCode: organisation.typeCode,
    nhsOrgSubType: organisation.subTypes,
    nhsOrgOpenDate: directoryDate(organisation.openDate),
    nhsOrgCloseDate: directoryDate(organisation.closeDate),
    nhsParentOrgCode: organisation.parent,
    nhsPCTCode: organisation.pct ?? (practice ? organisation.parent : undefined),
    nhsSHAcode: organisation.sha,
    nhsCountry: organisation.country,
    nhsSyntheticIndicator: '1',
    postalAddress: organisation.address.join('$'),
    postalCode: organisation.postcode,
    l: organisation.town ?? (organisation.address.findLast((line) => line !== '') || undefined),
    telephoneNumber: organisation.phone,
  });
}

/** nhsWg */
export function workgroupEntry(workgroup: Workgroup): Entry {
  return makeEntry(workgroupDn(workgroup.id), {
    objectClass: ['top', 'nhsWg'],
    uniqueIdentifier: workgroup.id,
    cn: workgroup.name,
    nhsIDCode: workgroup.ods,
  });
}

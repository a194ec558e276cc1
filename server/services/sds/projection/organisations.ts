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

/** The postcode of an address that is not known, which the classes demand. Assumed. */
const UNKNOWN_POSTCODE = 'ZZ99 3WZ';

/** nhsOrg, or nhsGPPractice where there is the nhsPCTCode that it demands. Every organisation here is invented, which is what nhsSyntheticIndicator says. */
export function organisationEntry(organisation: Organisation): Entry {
  const pct = organisation.pct ?? (organisation.typeCode === GP_PRACTICE ? organisation.parent : undefined);
  const practice = organisation.typeCode === GP_PRACTICE && pct !== undefined;
  const lastLine = organisation.address.findLast((line) => line !== '');
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
    nhsPCTCode: pct,
    nhsSHAcode: organisation.sha,
    nhsCountry: organisation.country,
    nhsSyntheticIndicator: '1',
    postalAddress: organisation.address.join('$'),
    postalCode: organisation.postcode ?? UNKNOWN_POSTCODE,
    l: organisation.town ?? lastLine ?? organisation.name,
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

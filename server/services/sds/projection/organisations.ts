/** Organisations, their sites and departments as entries. */
import type { Organisation } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { organisationDn } from './names.ts';
import type { WorldSource } from './source.ts';

/** Dates of organisations and roles have eight digits in the directory. */
export function directoryDate(date: string | undefined): string | undefined {
  return date?.replaceAll('-', '').slice(0, 8);
}

/** Organisation type code of GP practices, which have a class of their own. */
const GP_PRACTICE = 'PR';

/** The postcode of an address that is not known, which the classes demand. Assumed. */
const UNKNOWN_POSTCODE = 'ZZ99 3WZ';

/** Sites of sites of sites are no organisation that there is. */
const MAX_DEPTH = 4;

type Lookup = Pick<WorldSource['organisations'], 'get'>;

function wholeOf({ ods, part, parent }: Organisation, organisations: Lookup, depth: number): Organisation | undefined {
  if (part === undefined || parent === undefined || parent === ods || depth > MAX_DEPTH) return undefined;
  return organisations.get(parent);
}

/** Name of its entry: below the organisation that it is a part of, where the world has that. */
export function organisationPlace(organisation: Organisation, organisations: Lookup, depth = 0): string {
  const { ods } = organisation;
  const whole = wholeOf(organisation, organisations, depth);
  return whole ? organisationDn(ods, organisationPlace(whole, organisations, depth + 1)) : organisationDn(ods);
}

/** An organisation behind those that it is a part of, the highest first. */
export function withWholes(organisation: Organisation, organisations: Lookup, depth = 0): Organisation[] {
  const whole = wholeOf(organisation, organisations, depth);
  return whole ? [...withWholes(whole, organisations, depth + 1), organisation] : [organisation];
}

/** Its entry and those of its parts, the whole before its parts. */
export function* organisationEntries(
  organisation: Organisation,
  organisations: Pick<WorldSource['organisations'], 'get' | 'values'>,
  depth = 0,
): Generator<Entry> {
  yield organisationEntry(organisation, organisations);
  if (depth > MAX_DEPTH) return;
  for (const other of organisations.values()) {
    if (other.part === undefined || other.parent !== organisation.ods || other.ods === organisation.ods) continue;
    yield* organisationEntries(other, organisations, depth + 1);
  }
}

const CLASSES = {
  site: ['top', 'organizationalUnit', 'nhsSite'],
  department: ['top', 'organizationalUnit', 'nhsDept'],
};

/**
 * nhsOrg, or nhsGPPractice where there is the nhsPCTCode that it demands, or nhsSite or nhsDept. Every organisation here is
 * invented, which is what nhsSyntheticIndicator says.
 */
export function organisationEntry(organisation: Organisation, organisations: Lookup): Entry {
  const { part, name } = organisation;
  const pct = organisation.pct ?? (organisation.typeCode === GP_PRACTICE ? organisation.parent : undefined);
  const practice = organisation.typeCode === GP_PRACTICE && pct !== undefined;
  const lastLine = organisation.address.findLast((line) => line !== '');
  return makeEntry(organisationPlace(organisation, organisations), {
    objectClass: part ? CLASSES[part] : ['top', 'organization', practice ? 'nhsGPPractice' : 'nhsOrg'],
    uniqueIdentifier: organisation.ods,
    nhsIDCode: organisation.ods,
    [part ? 'ou' : 'o']: name,
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
    facsimileTelephoneNumber: organisation.fax,
    mail: organisation.email,
    labeledURI: part ? undefined : organisation.website,
    nhsAltOrgNames: organisation.alternativeNames,
    nhsOCSPredecessor: organisation.predecessors,
    nhsOCSSuccessor: organisation.successors,
    nhsJoinDate: directoryDate(organisation.joinDate),
    nhsLeftDate: directoryDate(organisation.leftDate),
    nhsDHSCcode: organisation.dhsc,
    nhsNN4BName: organisation.nn4bName,
    nhsNN4BCode: organisation.nn4bCode,
  });
}

/** Names, addresses, contacts and care provisions of an update or a registration. */
import type { Content } from '../../../core/demographics/update/change.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientAddress, PatientName, PatientRegistration, PatientTelecom } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { at, children, codeAt, readPeriod, textAt, textOf, useOf } from './elements.ts';

const ADDRESS_LINES = 5;
const MOST_GIVEN_NAMES = 5;
/** As the directory writes the code of an organisation. */
const PRACTICE_CODE = /^[A-Z0-9]{3,9}$/;
const CONTACT = /^(tel|fax|mailto|textphone):\s*\S/;
const ADDRESS_USES: readonly string[] = ['H', 'TMP', 'PST'];
const NAME_USES: readonly string[] = [
  'L',
  'A',
  'PREFERRED',
  'PREVIOUS-BIRTH',
  'PREVIOUS-MAIDEN',
  'PREVIOUS-BACHELOR',
  'PREVIOUS',
];
const TELECOM_USES: readonly string[] = ['H', 'HP', 'HV', 'WP', 'AS', 'EC', 'PG', 'MC'];
const PROVISIONS: readonly string[] = ['1', 'P1', 'P2', 'P3'];

export function readAddress(addr: XmlElement): Content<PatientAddress> {
  const use = useOf(addr, 'addr', ADDRESS_USES);
  const lines = children(addr, 'streetAddressLine').map((line) => textOf(line) ?? '');
  if (lines.length === 0 || lines.length > ADDRESS_LINES) {
    breaks('INCORRECT_NUMBER_OF_ADDRESS_LINES', `${lines.length} streetAddressLine`);
  }
  while (lines.length < ADDRESS_LINES) lines.push('');
  const description = textAt(addr, 'desc');
  if (children(addr, 'desc').length > (use === 'TMP' ? 1 : 0)) {
    breaks('DESCRIPTION_PROVIDED_NO_TEMPORARY_ADDRESS', `desc in an address of use ${use}`);
  }
  const postcode = textAt(addr, 'postalCode')?.toUpperCase();
  const pafKey = textAt(addr, 'addressKey');
  return {
    use,
    lines,
    ...(postcode !== undefined && { postcode }),
    ...(pafKey !== undefined && { pafKey }),
    ...(description !== undefined && { description }),
    ...readPeriod(addr, 'useablePeriod'),
  };
}

export function readName(name: XmlElement): Content<PatientName> {
  const use = useOf(name, 'name', NAME_USES);
  const one = (part: string, rule: string) => {
    const found = children(name, part);
    if (found.length > 1) breaks(rule, `${found.length} ${part}`);
    return textOf(found[0]);
  };
  const prefix = one('prefix', 'NO_MORE_THAN_ONE_PREFIX');
  const family = one('family', 'NO_MORE_THAN_ONE_FAMILY_NAME');
  const suffix = one('suffix', 'NO_MORE_THAN_ONE_SUFFIX');
  const given = children(name, 'given').flatMap((part) => textOf(part) ?? []);
  if (family === undefined && given.length === 0) breaks('INSUFFICIENT_NAME_DETAILS', 'neither family nor given name');
  if (given.length > MOST_GIVEN_NAMES) breaks('TOO_MANY_GIVEN_NAMES_5', `${given.length} given names`);
  return {
    use,
    given,
    family: family ?? '',
    ...(prefix !== undefined && { prefix }),
    ...(suffix !== undefined && { suffix }),
    ...readPeriod(name, 'validTime'),
  };
}

export function readTelecom(telecom: XmlElement): Content<PatientTelecom> {
  const use = useOf(telecom, 'telecom', TELECOM_USES);
  const value = (telecom.attr('value', '') ?? '').trim();
  if (!CONTACT.test(value)) {
    breaks('UNEXPECTED_CONTACT_TYPE', `"${value}" does not begin with tel:, fax:, mailto: or textphone:`);
  }
  return { use, value, ...readPeriod(telecom, 'useablePeriod') };
}

/** Where the messages name who cares; the British spelling is that of allocation requests. */
export const PROVIDER = {
  performer: 'performer/assignedOrganization',
  allocation: 'performer/assignedOrganisation',
  responsible: 'responsibleParty/healthCareProvider',
} as const;

/** For messages whose own place is not known: any of those that are. */
export const ANY_PROVIDER: readonly string[] = [...Object.values(PROVIDER), 'performer/assignedEntity'];

/** `providers`: paths of the element that this message has for who cares; Spine looks nowhere else. */
export function readProvision(provision: XmlElement, providers: readonly string[]): Content<PatientRegistration> {
  const code = codeAt(provision, 'code');
  if (code === undefined || !PROVISIONS.includes(code)) {
    breaks('UNSUPPORTED_PATIENT_CARE', `care provision code ${code ?? 'missing'}`);
  }
  const ids = providers.flatMap((path) => children(at(provision, path), 'id'));
  const ods = ids.find((id) => id.attr('root', '') === OID.odsOrganisation)?.attr('extension', '');
  if (!ods) {
    const role = at(provision, 'performer') ?? at(provision, 'responsibleParty');
    if (!role) breaks('MANDATORY_FIELD_MISSING_SUPP_INFO', 'patientCareProvision.performer');
    breaks('UNSUPPORTED_HCP_CODE_TYPE', `no id of the root ${OID.odsOrganisation} in ${providers.join(' or ')}`);
  }
  if (!PRACTICE_CODE.test(ods))
    breaks('INVALID_GPREG', `"${ods}" is no code of an organisation, which has 3 to 9 upper-case letters and digits`);
  const period = readPeriod(provision, 'effectiveTime');
  const practice = code === '1';
  if (!practice && at(provision, 'effectiveTime')) {
    breaks('MORE_THAN_ONE_USABLE_PERIOD', `effectiveTime for the care provision ${code}`);
  }
  return { ods, ...(!practice && { type: code }), ...period };
}

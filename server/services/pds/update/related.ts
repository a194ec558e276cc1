/** Related persons of an update: known by their NHS number alone, or by usual name and home address. */
import type { Content } from '../../../core/demographics/update/change.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import { isNhsNumber } from '../../../core/hl7/nhsNumber.ts';
import { OID } from '../../../core/hl7/oid.ts';
import type { ContactPreferences, PatientRelated } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import {
  at,
  children,
  codeAt,
  contactMethodOf,
  readPeriod,
  required,
  textAt,
  valueAt,
  writtenFormatOf,
} from './elements.ts';
import { readAddress, readName, readTelecom } from './items.ts';

const MOST_CONTACTS = 5;
const AGENT = 'AGNT';
/** Types of a relationship, of the code system …16.15. */
const RELATIONS = /^(0[1-9]|1\d|2[01]|98|99)$/;

/** What a removal must not bring. */
const CONTENT = [
  'addr',
  'effectiveTime',
  'positionNumber',
  'telecom',
  'player',
  'part',
  'part1',
  'part3',
  'subjectOf1',
  'subjectOf2',
];

export function checkRemoval(role: XmlElement): void {
  if (role.attr('updateMode', '') !== 'removed') return;
  const brought = CONTENT.find((name) => children(role, name).length > 0);
  if (brought) breaks('RELATED_PERSON_CANNOT_PROVIDE_DATE', `scopedRelatedPersonRole.${brought}`);
}

export function readRelated(role: XmlElement): Content<PatientRelated> {
  const player = at(role, 'player');
  const nhsNumber = readNumber(role, player);
  const [addr] = children(role, 'addr');
  const telecoms = children(role, 'telecom');
  const [name] = children(player, 'name');
  checkContent(role, { nhsNumber, addr, telecoms, name });
  const preferences = readPreferences(role, player);
  const order = valueAt(role, 'positionNumber');
  if (order !== undefined && !/^[1-9]\d?$/.test(order)) breaks(undefined, `positionNumber is ${order}, not 1 to 99`);
  const relation = required(codeAt(role, 'code'), 'scopedRelatedPersonRole.code');
  if (!RELATIONS.test(relation))
    breaks(undefined, `scopedRelatedPersonRole.code is ${relation}, not 01 to 21, 98 or 99`);
  const callBack = codeAt(role, 'subjectOf3/callCentreCallBackConsent/value');
  const kind = role.attr('classCode', '');
  return {
    relation,
    ...(kind && { role: kind }),
    ...(nhsNumber !== undefined && { nhsNumber }),
    ...(name && { name: readName(name) as PatientRelated['name'] & object }),
    ...(addr && { address: readAddress(addr) as PatientRelated['address'] & object }),
    ...(telecoms.length > 0 && { telecoms: telecoms.map(readTelecom) as PatientRelated['telecoms'] & object }),
    ...(order !== undefined && { order: Number(order) }),
    ...(codeAt(role, '*/partNextOfKin/code') === '1' && { nextOfKin: true }),
    ...(codeAt(role, '*/partCorrespondence/code') === '1' && { correspondenceCopy: true }),
    ...(callBack !== undefined && { callBack }),
    ...(preferences && { contactPreferences: preferences }),
    ...readPeriod(role, 'effectiveTime'),
  };
}

/** On the role in the oldest generation, else on the person. */
function readNumber(role: XmlElement, player: XmlElement | undefined): string | undefined {
  const ids = [...children(role, 'id'), ...children(at(player, 'playedRelatedPatient'), 'id')].filter(
    (id) => id.attr('root', '') === OID.nhsNumber,
  );
  if (ids.length > 1) breaks('RELATED_PERSON_INCORRRECT_ID_FIELDS', 'scopedRelatedPersonRole.relatedPatient.id');
  const number = ids[0]?.attr('extension', '');
  if (number !== undefined && !isNhsNumber(number)) breaks('INVALID_NHS_NUMBER', `${number} is no NHS number`);
  return number;
}

interface Parts {
  nhsNumber: string | undefined;
  addr: XmlElement | undefined;
  telecoms: XmlElement[];
  name: XmlElement | undefined;
}

function checkContent(role: XmlElement, { nhsNumber, addr, telecoms, name }: Parts): void {
  if (name && name.attr('use', '') !== 'L') {
    breaks('ONLY_USUAL_NAME_SUPPORTED', 'scopedRelatedPersonRole.player.name');
  }
  if (addr && addr.attr('use', '') !== 'H') breaks('ONLY_HOME_ADDRESS_SUPPORTED', 'scopedRelatedPersonRole.address');
  if (role.attr('classCode', '') !== AGENT && at(role, 'subjectOf3')) {
    breaks('ONLY_SUPPORTED_FOR_AGENTS', 'scopedRelatedPersonRole.subjectOf3');
  }
  if (telecoms.length > MOST_CONTACTS) breaks('TOO_MANY_TELECOM_ELEMENTS', `${telecoms.length} telecom`);
  if (nhsNumber !== undefined) {
    if (addr || name || telecoms.length > 0 || at(role, 'subjectOf1') || at(role, 'subjectOf2')) {
      breaks('RELATED_PERSON_DATA_INVALID_NHS_SUPPLIED', 'the NHS number stands alone');
    }
    return;
  }
  if (!addr) breaks('RELATED_PERSON_NAME_ADDRESS_MISSING', 'scopedRelatedPersonRole.address');
  if (!name) breaks('RELATED_PERSON_NAME_ADDRESS_MISSING', 'scopedRelatedPersonRole.name');
}

function readPreferences(role: XmlElement, player: XmlElement | undefined): ContactPreferences | undefined {
  const contact = at(role, 'subjectOf1/preferredContactMethod');
  const method = contactMethodOf(contact);
  const times = textAt(contact, 'pertinentInformation/pertinentPreferredContactTimes/value');
  const writtenFormat = writtenFormatOf(at(role, 'subjectOf2/preferredWrittenCommunicationFormat'));
  const language = codeAt(player, 'languageCommunication/languageCode');
  const interpreter = codeAt(player, 'languageCommunication/proficiencyLevelCode') === '1';
  const read: ContactPreferences = {
    ...(method !== undefined && { method }),
    ...(times !== undefined && { times }),
    ...(writtenFormat !== undefined && { writtenFormat }),
    ...(language !== undefined && { language, interpreter }),
  };
  return Object.keys(read).length > 0 ? read : undefined;
}

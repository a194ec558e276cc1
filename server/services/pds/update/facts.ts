/** What an update says of facts that a record has once: gender, birth, death, language, preferences, consents. */
import type { FactChange, ItemChange, PatientUpdate } from '../../../core/demographics/update/change.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import { readInstanceId } from '../../../core/hl7/spineHeader.ts';
import type { Gender, NhaisRegistration, PatientConsent } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { readDeath } from './death.ts';
import {
  at,
  children,
  codeAt,
  contactMethodOf,
  hl7Date,
  isoDate,
  modeOf,
  readFact,
  readPeriod,
  required,
  textAt,
  valueAt,
  writtenFormatOf,
} from './elements.ts';
import { factOf, inSlots, notifiedAt } from './factElement.ts';
import type { UpdateForm } from './request.ts';

export type Facts = Omit<
  PatientUpdate,
  'nhsNumber' | 'scn' | 'correction' | 'names' | 'addresses' | 'telecoms' | 'provisions' | 'related'
>;

/** Record sharing, which is given or refused and never withdrawn; call-back, which has no date. */
const RECORD_SHARING = '4';
const CALL_BACK = '6';
const CONSENT_TYPES: readonly string[] = [RECORD_SHARING, CALL_BACK];
/** Express consent, dissent; no, yes. */
const CONSENT_VALUES: readonly string[] = ['1', '2', '4', '5'];
const GENDERS: readonly string[] = ['0', '1', '2', '9'];

export function readFacts(request: XmlElement, role: XmlElement, form: UpdateForm): Facts {
  const person = at(role, 'patientPerson');
  const birthplace = readBirthplace(person, form);
  return {
    death: readDeath(request, role, form),
    gender: readGender(person, form),
    dateOfBirth: readBirth(person, form),
    birthOrder: readFact(at(person, 'multipleBirthOrderNumber'), (element) => numberOf(element), {
      field: 'multipleBirthOrderNumber',
      onRemoval: 'MULTIPLE_BIRTH_ORDER_NUMBER_PROVIDED',
    }),
    language: readLanguage(person),
    ...readPreferences(role, form),
    consents: inSlots(role, 'consent', form).map((consent) => readConsent(consent, form)),
    birthplace,
    sharedSecret: readSecret(role, form),
    nhaisRegistration: readRegistrationEvent(role, form),
    removal: readRemoval(role, form),
  };
}

function numberOf(element: XmlElement): number | undefined {
  const value = element.attr('value', '');
  return value === undefined ? undefined : Number(value);
}

function readGender(person: XmlElement | undefined, form: UpdateForm): FactChange<Gender> | undefined {
  const name = 'administrativeGenderCode';
  const { element, holder } = factOf(person, name, 'COCT_MT000209UK01.PartAdminGenderCode', form);
  if ((holder ?? element)?.attr('updateMode', '') === 'removed') breaks('GENDER_REMOVAL_NOT_PERMITTED', name);
  const change = readFact(element, (found) => found.attr('code', '') as Gender | undefined, { field: name, holder });
  if (change && !GENDERS.includes(change.value ?? ''))
    breaks(undefined, `${name} is ${change.value}, not 0, 1, 2 or 9`);
  return change && { ...change, ...notifiedAt(holder) };
}

function readBirth(person: XmlElement | undefined, form: UpdateForm): FactChange<string> | undefined {
  const { element, holder } = factOf(person, 'birthTime', 'COCT_MT000210UK01.PartBirthTime', form);
  if ((holder ?? element)?.attr('updateMode', '') === 'removed') {
    breaks('BIRTHTIME_REMOVAL_NOT_PERMITTED', 'birthTime');
  }
  const change = readFact(element, (found) => hl7Date(found.attr('value', '')), { field: 'birthTime', holder });
  return change && { ...change, ...notifiedAt(holder) };
}

function readBirthplace(person: XmlElement | undefined, form: UpdateForm): Facts['birthplace'] {
  const place = at(person, form.parts ? 'COCT_MT000208UK01.BirthPlace' : 'birthplace');
  const addr = at(place, 'addr') ?? at(place, 'partPerson/birthplace/addr');
  if (!place || !addr) return undefined;
  for (const part of ['city', 'county', 'country']) {
    const found = children(addr, part);
    const empty = part !== 'country' && found[0]?.text.trim() === '';
    if (found.length > 1 || empty) breaks('UNEXPECTED_DATA_IN_BIRTHPLACE', part);
  }
  const town = textAt(addr, 'city');
  const district = textAt(addr, 'county');
  const country = codeAt(addr, 'country/code') ?? textAt(addr, 'country');
  const some = town !== undefined || district !== undefined || country !== undefined;
  const mode = addr.attr('updateMode', '') ?? place.attr('updateMode', '') ?? 'altered';
  if (mode === 'removed') {
    if (some || at(place, 'subjectOf')) breaks('BIRTHPLACE_CHANGED_ON_REMOVAL', 'birthplace');
    return { mode };
  }
  if (!some) breaks('CITY_COUNTY_COUNTRY_MISSING', 'birthplace');
  const value = {
    ...(town !== undefined && { town }),
    ...(district !== undefined && { district }),
    ...(country !== undefined && { country }),
  };
  return { mode: mode === 'added' ? 'added' : 'altered', value, ...notifiedAt(place) };
}

export function readLanguage(person: XmlElement | undefined): Facts['language'] {
  const spoken = at(person, 'languageCommunication');
  return readFact(
    spoken,
    (element) => {
      if (element.children().length === 0) return undefined;
      const language = required(codeAt(element, 'languageCode'), 'languageCommunication.languageCode');
      return { language, interpreter: codeAt(element, 'proficiencyLevelCode') === '1' };
    },
    { field: 'languageCommunication', onRemoval: 'LANGUAGE_CHANGED_ON_REMOVAL' },
  );
}

export function readPreferences(
  role: XmlElement,
  form: Pick<UpdateForm, 'slots'>,
): Pick<Facts, 'contactMethod' | 'writtenFormat' | 'healthspace'> {
  const [contact] = inSlots(role, 'preferredContactMethod', form);
  const times = at(contact, 'pertinentInformation/pertinentPreferredContactTimes');
  const value = (element: XmlElement) => codeAt(element, 'value');
  return {
    contactMethod: readFact(
      contact,
      (element) => {
        const method = contactMethodOf(element);
        const text = textAt(times, 'value');
        const removed = element.attr('updateMode', '') === 'removed';
        if (times && text === undefined && !removed) breaks('PREFERRED_CONTACT_TIME_EMPTY', 'preferredContactTimes');
        if (method === undefined && text === undefined) return undefined;
        return { ...(method !== undefined && { method }), ...(text !== undefined && { times: text }) };
      },
      { field: 'preferredContactMethod', onRemoval: 'INVALID_PREFERRED_CONTACT_METHOD' },
    ),
    writtenFormat: readFact(inSlots(role, 'preferredWrittenCommunicationFormat', form)[0], writtenFormatOf, {
      field: 'preferredWrittenCommunicationFormat',
      onRemoval: 'WRITTEN_COMM_FORMAT_CHANGED_ON_REMOVAL',
    }),
    healthspace: readFact(inSlots(role, 'healthspaceRegistration', form)[0], value, {
      field: 'healthspaceRegistration',
      onRemoval: 'HEALTHSPACE_REG_CHANGED_ON_REMOVAL',
    }),
  };
}

function readConsent(consent: XmlElement, { authorById, parts }: UpdateForm): ItemChange<PatientConsent> {
  const mode = modeOf(consent, 'consent');
  const type = required(codeAt(consent, 'code'), 'consent.code');
  const value = codeAt(consent, 'value');
  if (mode === 'removed') {
    if (value !== undefined) breaks('CONSENT_VALUE_CHANGED_ON_REMOVAL', 'consent.value');
    if (type === RECORD_SHARING) breaks('CONSENT_VALUES_CANNOT_BE_REMOVED', 'consent of type 4');
    return { mode, objectId: type };
  }
  const time = isoDate(valueAt(consent, 'effectiveTime'));
  if (type === CALL_BACK && at(consent, 'effectiveTime')) {
    breaks('INVALID_DATA_FOR_CALL_CENTRE_CALL_BACK', 'consent.effectiveTime');
  }
  // MIM 4.2 has comments on other consents.
  if (at(consent, 'pertinentInformation') && (type === CALL_BACK || authorById || parts)) {
    breaks('INVALID_DATA_FOR_CALL_CENTRE_CALL_BACK', 'consent.pertinentInformation');
  }
  if (!CONSENT_TYPES.includes(type)) breaks(undefined, `the consent type ${type} is none of ${CONSENT_TYPES}`);
  if (value !== undefined && !CONSENT_VALUES.includes(value)) {
    breaks(undefined, `the consent value ${value} is none of ${CONSENT_VALUES}`);
  }
  const item = { type, value: required(value, 'consent.value'), ...(time !== undefined && { from: time }) };
  return { mode, objectId: type, item };
}

export function readSecret(role: XmlElement, form: Pick<UpdateForm, 'slots'>): FactChange<string> | undefined {
  const [secret] = inSlots(role, 'sharedSecret', form);
  if (!secret) return undefined;
  if (secret.attr('updateMode', '') === 'removed') return { mode: 'removed' };
  if (codeAt(secret, 'code') === undefined) breaks('MISSING_CODE_FROM_SHARED_SECRET', 'sharedSecret.code');
  const value = textAt(secret, 'value');
  if (value === undefined) breaks('MISSING_VALUE_FROM_SHARED_SECRET', 'sharedSecret.value');
  return { mode: 'altered', value };
}

/** nHAISRegistrationEvent: which system holds the registration. */
function readRegistrationEvent(role: XmlElement, form: UpdateForm): Facts['nhaisRegistration'] {
  const name = 'nHAISRegistrationEvent';
  const [event] = inSlots(role, name, form);
  if (!event) return undefined;
  const dates = valueAt(event, 'effectiveTime/low') ?? valueAt(event, 'effectiveTime/high');
  if (!at(event, 'code')) breaks('MANDATORY_FIELD_MISSING', `${name}.code`);
  if (event.attr('updateMode', '') === 'removed') {
    if (at(event, 'custodian') || dates !== undefined) breaks('UNEXPECTED_DATA_IN_NHAIS_REG_EVENT', name);
    return { mode: 'removed' };
  }
  const value = readNhaisRegistration(event);
  if (dates === undefined) breaks('MANDATORY_FIELD_MISSING', `${name}.effectiveTime`);
  return { mode: 'altered', value };
}

/** What the event says of the registration. */
export function readNhaisRegistration(event: XmlElement): NhaisRegistration {
  const custodian = readInstanceId(at(event, 'custodian/assignedDevice/id'));
  if (!custodian?.root || !custodian.extension) {
    breaks('MANDATORY_FIELD_MISSING', `${event.local}.custodian`);
  }
  return { custodian, ...readPeriod(event, 'effectiveTime') };
}

/** Why a patient has no practice: nHAISRemovalRegistrationEvent, in MIM 7.2 pCRemovalRegistrationEvent. */
function readRemoval(role: XmlElement, form: UpdateForm): Facts['removal'] {
  const [nhais] = inSlots(role, 'nHAISRemovalRegistrationEvent', form);
  const event = nhais ?? inSlots(role, 'pCRemovalRegistrationEvent', form)[0];
  if (!event) return undefined;
  const { local } = event;
  if (!at(event, 'code')) breaks('MANDATORY_FIELD_MISSING', `${local}.code`);
  const reason = codeAt(event, 'reasonCode');
  const date = isoDate(valueAt(event, 'effectiveTime/low') ?? valueAt(event, 'effectiveTime/high'));
  if (event.attr('updateMode', '') === 'removed') {
    // Its reason is mandatory in 7.2, whatever the mode; 6.3 may say when the removal ended.
    if (nhais && (reason !== undefined || at(event, 'effectiveTime/low'))) {
      breaks('UNEXPECTED_DATA_IN_NHAIS_REMOVAL_REG_EVENT', local);
    }
    return { mode: 'removed' };
  }
  if (reason === undefined) breaks('MANDATORY_FIELD_MISSING', `${local}.reasonCode`);
  if (date === undefined) breaks('MANDATORY_FIELD_MISSING', `${local}.effectiveTime`);
  return { mode: 'altered', value: { reason, date } };
}

/** The record as MIM 7.2 (2008-B) writes it: gender, birth and death are parts with a notification time of their own. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientRegistration } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { provisionCode, type RecordView } from '../record/view.ts';
import { address, CODES, interval, name, objectId, observation, telecom, ts } from './parts.ts';
import { birthplace, partOfWhole, partPerson, source, systemEffectiveDate } from './personParts.ts';
import { language, pdsResponse } from './record63.ts';
import { relatedPersons } from './related.ts';
import { code72, confidentiality, deathNotification, removalReason, rolePartsOf } from './roleParts.ts';

/** The whole record. */
export function renderRecord(view: RecordView): string {
  const { patient, redacted } = view;
  const role = redacted ? deathNotification(patient, 'subjectOf2') : xml`${rolePartsOf(view)}${removal(view)}`;
  return pdsResponse(view, confidentiality(code72(patient.confidentiality)), xml`${person(view)}${role}`);
}

function person(view: RecordView): XmlFragment {
  const { patient, provisions, addresses, telecoms, names, redacted, history } = view;
  const { gender, dateOfBirth, dateOfDeath, birthOrder, notifications: told = {} } = patient;
  const parts = { history, version: 'UK03' } as const;
  const period = (item: { from?: string; to?: string }) => interval('useablePeriod', item);
  return xml`
    <patientPerson classCode="PSN" determinerCode="INSTANCE">
      ${!redacted && birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}
      ${!redacted && language(view)}
      ${provisions.map((provision) => careProvision(provision, history))}
      ${relatedPersons(view, 'UK03')}
      ${addresses.map((item) => partOfWhole('01', address(item, period(item), objectId(item)), item, parts))}
      ${fact('COCT_MT000209UK01.PartAdminGenderCode', xml`<administrativeGenderCode code="${gender}"/>`, told.gender)}
      ${dateOfBirth && fact('COCT_MT000210UK01.PartBirthTime', xml`<birthTime value="${ts(dateOfBirth)}"/>`, told.birth)}
      ${dateOfDeath && fact('COCT_MT000211UK01.PartDeceasedTime', xml`<deceasedTime value="${ts(dateOfDeath)}"/>`, told.death)}
      ${telecoms.map((item) => partOfWhole('02', telecom(item, period(item), objectId(item)), item, parts))}
      ${
        !redacted &&
        patient.birthplace &&
        fact('COCT_MT000208UK01.BirthPlace', birthplace(patient.birthplace), told.birthplace)
      }
      ${names.map((item) =>
        partOfWhole('03', partPerson(name(item, interval('validTime', item), objectId(item))), item, parts),
      )}
    </patientPerson>`;
}

/** `told`: when the source was told of it, which older records don't keep. */
function fact(element: string, value: XmlFragment, told: string | undefined): XmlFragment {
  const time =
    told !== undefined && observation('notificationTime', '45', xml`<value value="${ts(told)}"/>`, CODES.observation);
  return xml`
    <${element} classCode="PART">
      ${partPerson(value)}
      ${time && xml`<subjectOf typeCode="SBJ">${time}</subjectOf>`}
    </${element}>`;
}

function careProvision(provision: PatientRegistration, history: boolean): XmlFragment {
  const when = history ? systemEffectiveDate(provision) : undefined;
  const from = history ? source(provision, 'UK03') : undefined;
  return xml`
    <playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ">
      <patientCareProvision classCode="PCPR" moodCode="EVN">
        <code code="${provisionCode(provision)}" codeSystem="${CODES.careProvision}"/>
        ${interval('effectiveTime', provision)}
        ${objectId(provision)}
        <performer typeCode="PRF"><assignedEntity classCode="ASSIGNED">
          <id root="${OID.odsOrganisation}" extension="${provision.ods}"/>
        </assignedEntity></performer>
        ${when && xml`<subjectOf1 typeCode="SUBJ">${when}</subjectOf1>`}
        ${from && xml`<subjectOf2 typeCode="SUBJ">${from}</subjectOf2>`}
      </patientCareProvision>
    </subjectOf></playedOtherProviderPatient>`;
}

function removal({ patient }: RecordView): XmlFragment | undefined {
  const reason = removalReason(patient);
  if (reason === undefined) return undefined;
  const { removalDate } = patient;
  return xml`
    <subjectOf9 typeCode="SBJ"><pCRemovalRegistrationEvent classCode="REG" moodCode="EVN">
      <code code="04" codeSystem="${CODES.registrationEvent}"/>
      ${removalDate && xml`<effectiveTime><center value="${ts(removalDate)}"/></effectiveTime>`}
      <reasonCode code="${reason}" codeSystem="${CODES.removalReason}"/>
    </pCRemovalRegistrationEvent></subjectOf9>`;
}

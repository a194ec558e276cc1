/** The record as MIM 6.3 (2008-A) writes it: PDSResponse of QUPA_IN000009UK03, in the order of PRPA_MT000201UK03. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientRegistration } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { provisionCode, type RecordView } from '../record/view.ts';
import { address, CODES, interval, name, nhsNumberId, objectId, serialChangeNumber, telecom, ts } from './parts.ts';
import {
  birthplace,
  languageCommunication,
  partOfWhole,
  partPerson,
  source,
  systemEffectiveDate,
} from './personParts.ts';
import { relatedPersons } from './related.ts';
import { confidentiality, deathNotification, removalReason, rolePartsOf } from './roleParts.ts';

/** The whole record. */
export function renderRecord(view: RecordView): string {
  const { patient, redacted } = view;
  const role = redacted ? deathNotification(patient, 'subjectOf2') : xml`${rolePartsOf(view)}${removal(view)}`;
  return pdsResponse(view, confidentiality(patient.confidentiality), xml`${person(view)}${role}`);
}

/** What is answered when no item is asked for. */
export function renderSerialChangeNumber(view: RecordView): string {
  return pdsResponse(view, undefined, undefined);
}

export function pdsResponse(
  { patient: { scn, nhsNumber } }: RecordView,
  before: XmlFragment | undefined,
  after: XmlFragment | undefined,
): string {
  return xml`
    <PDSResponse classCode="OBS" moodCode="EVN">
      ${serialChangeNumber(scn)}
      <subject typeCode="SBJ"><patientRole classCode="PAT">
        ${before}${nhsNumberId(nhsNumber)}${after}
      </patientRole></subject>
    </PDSResponse>`.text;
}

function person(view: RecordView): XmlFragment {
  const { patient, provisions, addresses, telecoms, names, redacted, history } = view;
  const { gender, dateOfBirth, dateOfDeath, birthOrder } = patient;
  const parts = { history, version: 'UK02' } as const;
  const period = (item: { from?: string; to?: string }) => interval('useablePeriod', item);
  return xml`
    <patientPerson classCode="PSN" determinerCode="INSTANCE">
      <administrativeGenderCode code="${gender}"/>
      ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
      ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
      ${!redacted && birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}
      ${!redacted && patient.birthplace && birthplace(patient.birthplace)}
      ${!redacted && language(view)}
      ${provisions.map((provision) => careProvision(provision, history))}
      ${relatedPersons(view, 'UK02')}
      ${addresses.map((item) => partOfWhole('01', address(item, period(item), objectId(item)), item, parts))}
      ${telecoms.map((item) => partOfWhole('02', telecom(item, period(item), objectId(item)), item, parts))}
      ${names.map((item) =>
        partOfWhole('03', partPerson(name(item, interval('validTime', item), objectId(item))), item, parts),
      )}
    </patientPerson>`;
}

function careProvision(provision: PatientRegistration, history: boolean): XmlFragment {
  const when = history ? systemEffectiveDate(provision) : undefined;
  const from = history ? source(provision) : undefined;
  return xml`
    <playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ">
      <patientCareProvisionEvent classCode="PCPR" moodCode="EVN">
        <code code="${provisionCode(provision)}" codeSystem="${CODES.careProvision}"/>
        ${interval('effectiveTime', provision)}
        ${objectId(provision)}
        <performer typeCode="PRF"><assignedEntity classCode="ASSIGNED">
          <id root="${OID.odsOrganisation}" extension="${provision.ods}"/>
        </assignedEntity></performer>
        ${when && xml`<subjectOf1 typeCode="SUBJ">${when}</subjectOf1>`}
        ${from && xml`<subjectOf2 typeCode="SUBJ">${from}</subjectOf2>`}
      </patientCareProvisionEvent>
    </subjectOf></playedOtherProviderPatient>`;
}

export function language({ patient: { language, contactPreferences } }: RecordView): XmlFragment | undefined {
  const code = language ?? contactPreferences?.language;
  return code === undefined ? undefined : languageCommunication(code, contactPreferences?.interpreter);
}

function removal({ patient }: RecordView): XmlFragment | undefined {
  const reason = removalReason(patient);
  if (reason === undefined) return undefined;
  return xml`
    <subjectOf9 typeCode="SBJ"><nHAISRemovalRegistrationEvent classCode="REG" moodCode="EVN">
      <code code="02" codeSystem="${CODES.registrationEvent}"/>
      ${interval('effectiveTime', { from: patient.removalDate, to: undefined })}
      <reasonCode code="${reason}" codeSystem="${CODES.removalReason}"/>
    </nHAISRemovalRegistrationEvent></subjectOf9>`;
}

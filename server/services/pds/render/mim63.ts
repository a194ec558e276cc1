/** The record as MIM 6.3 (2008-A) writes it: PDSResponse of QUPA_IN000009UK03, in the order of PRPA_MT000201UK03. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientRegistration } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { provisionCode, type RecordView } from '../record/view.ts';
import {
  address,
  CODES,
  codedValue,
  interval,
  name,
  nhsNumberId,
  objectId,
  observation,
  serialChangeNumber,
  source,
  systemEffectiveDate,
  telecom,
  ts,
} from './parts.ts';
import { languageCommunication, partOfWhole, partPerson, preferences } from './parts63.ts';
import { relatedPersons } from './related63.ts';

/** The whole record. */
export function renderRecord(view: RecordView): string {
  return response(view, xml`${person(view)}${view.redacted ? death(view) : others(view)}`);
}

/** What is answered when no item is asked for. */
export function renderSerialChangeNumber(view: RecordView): string {
  return response(view, undefined);
}

function response({ patient }: RecordView, content: XmlFragment | undefined): string {
  const { confidentiality } = patient;
  return xml`
    <PDSResponse classCode="OBS" moodCode="EVN">
      ${serialChangeNumber(patient.scn)}
      <subject typeCode="SBJ"><patientRole classCode="PAT">
        ${
          content &&
          confidentiality &&
          xml`<confidentialityCode code="${confidentiality}" codeSystem="${CODES.sensitivity}"/>`
        }
        ${nhsNumberId(patient.nhsNumber)}
        ${content}
      </patientRole></subject>
    </PDSResponse>`.text;
}

function person(view: RecordView): XmlFragment {
  const { patient, provisions, addresses, telecoms, names, redacted } = view;
  const { gender, dateOfBirth, dateOfDeath, birthOrder, birthplace } = patient;
  return xml`
    <patientPerson classCode="PSN" determinerCode="INSTANCE">
      <administrativeGenderCode code="${gender}"/>
      ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
      ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
      ${!redacted && birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}
      ${!redacted && birthplace && writeBirthplace(birthplace)}
      ${!redacted && language(view)}
      ${provisions.map((provision) => careProvision(provision, view.history))}
      ${relatedPersons(view)}
      ${addresses.map((item) => partOfWhole('01', address(item, interval('useablePeriod', item), objectId(item)), item, view.history))}
      ${telecoms.map((item) => partOfWhole('02', telecom(item, interval('useablePeriod', item), objectId(item)), item, view.history))}
      ${names.map((item) => partOfWhole('03', partPerson(name(item, interval('validTime', item), objectId(item))), item, view.history))}
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

function writeBirthplace({ town, district, country }: { town?: string; district?: string; country?: string }) {
  return xml`
    <birthplace classCode="BIRTHPL"><addr>
      ${town && xml`<city>${town}</city>`}
      ${district && xml`<county>${district}</county>`}
      ${country && xml`<country>${country}</country>`}
    </addr></birthplace>`;
}

function language({ patient: { language, contactPreferences } }: RecordView): XmlFragment | undefined {
  const code = language ?? contactPreferences?.language;
  return code === undefined ? undefined : languageCommunication(code, contactPreferences?.interpreter);
}

function death({ patient: { deathStatus } }: RecordView): XmlFragment | undefined {
  if (deathStatus === undefined) return undefined;
  const notification = observation('deathNotification', '3', codedValue(deathStatus, CODES.deathStatus));
  return xml`<subjectOf2 typeCode="SBJ">${notification}</subjectOf2>`;
}

/** What hangs on the role behind the person. */
function others(view: RecordView): XmlFragment {
  const { patient } = view;
  const { consents = [], contactPreferences, previousNhsContact } = patient;
  return xml`
    ${view.merged.map(
      ({ nhsNumber, from }) => xml`
        <replacementOf typeCode="REPL"><oldVersion classCode="PAT">
          ${interval('effectiveTime', { from, to: undefined })}
          ${nhsNumberId(nhsNumber)}
        </oldVersion></replacementOf>`,
    )}
    ${death(view)}
    ${consents.map(
      (consent) => xml`
        <subjectOf3 typeCode="SBJ"><consent classCode="OBS" moodCode="EVN">
          <code code="${consent.type}" codeSystem="${CODES.consentType}"/>
          ${consent.from && xml`<effectiveTime value="${ts(consent.from)}"/>`}
          ${codedValue(consent.value, CODES.consentValue)}
        </consent></subjectOf3>`,
    )}
    ${contactPreferences && preferences(contactPreferences, 'subjectOf4', 'subjectOf5')}
    ${
      previousNhsContact &&
      xml`<subjectOf8 typeCode="SBJ">
        ${observation('previousNhsContact', '17', codedValue(previousNhsContact, CODES.previousContact))}
      </subjectOf8>`
    }
    ${removal(view)}`;
}

/** Reasons that tell of the armed forces or of a legal order are shown to ordinary users as ORR, other. */
const MASKED_REMOVALS: readonly string[] = ['AFN', 'AFL', 'SDN', 'SDL', 'LDN'];

function removal({ patient }: RecordView): XmlFragment | undefined {
  const { gp, removalReason, removalDate } = patient;
  if (gp || removalReason === undefined) return undefined;
  const reason = MASKED_REMOVALS.includes(removalReason) ? 'ORR' : removalReason;
  return xml`
    <subjectOf9 typeCode="SBJ"><nHAISRemovalRegistrationEvent classCode="REG" moodCode="EVN">
      <code code="02" codeSystem="${CODES.registrationEvent}"/>
      ${interval('effectiveTime', { from: removalDate, to: undefined })}
      <reasonCode code="${reason}" codeSystem="${CODES.removalReason}"/>
    </nHAISRemovalRegistrationEvent></subjectOf9>`;
}

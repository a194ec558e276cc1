/** What MIM 6.3 shows of a person that was found or verified: less than a record, without object ids. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientRegistration } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { provisionCode, type RecordView } from '../record/view.ts';
import { address, CODES, interval, name, nhsNumberId, serialChangeNumber, telecom, ts } from './parts.ts';
import { code72, confidentiality, deathNotification, previousNhsContact } from './roleParts.ts';

/** PdsTraceMatch of QUPA_IN000007UK01: one person, in the order of PRPA_MT000200UK01. */
export function renderTraceMatch(view: RecordView): string {
  const { patient, redacted } = view;
  return xml`
    <PdsTraceMatch classCode="OBS" moodCode="EVN"><subject typeCode="SBJ"><patientRole classCode="PAT">
      ${identity(
        view,
        view.names.map((item) => name(item)),
      )}
      ${!redacted && previousNhsContact(patient, 'subjectOf2')}
      ${deathNotification(patient, 'subjectOf3')}
    </patientRole></subject></PdsTraceMatch>`.text;
}

/** PDSResponse of QUPA_IN000015UK02: the person whose number was verified; no serial change number. */
export function renderCrossCheck(view: RecordView): string {
  const { patient, redacted } = view;
  return xml`
    <PDSResponse classCode="OBS" moodCode="EVN"><subject typeCode="SBJ"><patientRole classCode="PAT">
      ${identity(
        view,
        view.names.map((item) => name(item, interval('validTime', item))),
      )}
      ${deathNotification(patient, 'subjectOf2')}
      ${!redacted && previousNhsContact(patient, 'subjectOf8')}
    </patientRole></subject></PDSResponse>`.text;
}

/** PdsNhsNumberConfirmation of QUPA_IN000010UK02: just enough to see whose number it is. */
export const renderConfirmation = (view: RecordView): string => confirmation(view, view.patient.confidentiality);

/** The same of QUPA_IN000010UK04. */
export const renderConfirmation72 = (view: RecordView): string =>
  confirmation(view, code72(view.patient.confidentiality));

function confirmation({ patient, names }: RecordView, code: string | undefined): string {
  const { scn, nhsNumber, gender, dateOfBirth, dateOfDeath } = patient;
  const usual = names.find(({ use }) => use === 'L') ?? names[0];
  return xml`
    <PdsNhsNumberConfirmation classCode="OBS" moodCode="EVN">
      ${serialChangeNumber(scn)}
      <subject typeCode="SBJ"><patientRole classCode="PAT">
        ${confidentiality(code)}
        ${nhsNumberId(nhsNumber)}
        <patientPerson classCode="PSN" determinerCode="INSTANCE">
          <administrativeGenderCode code="${gender}"/>
          ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
          ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
          ${usual && name(usual)}
        </patientPerson>
        ${deathNotification(patient, 'subjectOf2')}
      </patientRole></subject>
    </PdsNhsNumberConfirmation>`.text;
}

/** Addresses, number, telecoms and person. Only the registered practice is shown of those who care. */
function identity(
  { patient, addresses, telecoms, provisions, redacted }: RecordView,
  names: XmlFragment[],
): XmlFragment {
  const { nhsNumber, gender, dateOfBirth, dateOfDeath, birthOrder } = patient;
  const practice = provisions.find(({ type }) => type === undefined);
  return xml`
    ${addresses.map((item) => address(item))}
    ${confidentiality(patient.confidentiality)}
    ${nhsNumberId(nhsNumber)}
    ${telecoms.map((item) => telecom(item))}
    <patientPerson classCode="PSN" determinerCode="INSTANCE">
      <administrativeGenderCode code="${gender}"/>
      ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
      ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
      ${!redacted && birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}
      ${names}
      ${practice && careProvision(practice)}
    </patientPerson>`;
}

function careProvision(provision: PatientRegistration): XmlFragment {
  return xml`
    <playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ">
      <patientCareProvision classCode="PCPR" moodCode="EVN">
        <code code="${provisionCode(provision)}" codeSystem="${CODES.careProvision}"/>
        ${interval('effectiveTime', provision)}
        <performer typeCode="PRF"><assignedOrganization classCode="ASSIGNED">
          <id root="${OID.odsOrganisation}" extension="${provision.ods}"/>
        </assignedOrganization></performer>
      </patientCareProvision>
    </subjectOf></playedOtherProviderPatient>`;
}

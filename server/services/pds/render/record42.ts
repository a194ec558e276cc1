/** The record as MIM 4.2 (2006-B) writes it: PdsSuccessfulRetrieval of QUPA_IN050000UK32, items inline, the subject first. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientRegistration } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { provisionCode, type RecordView } from '../record/view.ts';
import { address, CODES, interval, name, nhsNumberId, objectId, serialChangeNumber, telecom, ts } from './parts.ts';
import { birthplace } from './personParts.ts';
import { language } from './record63.ts';
import { relatedPersons } from './related.ts';
import { confidentiality, rolePartsOf } from './roleParts.ts';

/**
 * The record as far as this generation's shape is known; with `mim42Record: whole` also related persons, consents and
 * preferences, in elements that are named and ordered as in MIM 6.3: assumed.
 */
export function renderRecord(view: RecordView): string {
  const { patient, addresses, telecoms, names, provisions, redacted } = view;
  const whole = view.mim42Record === 'whole' && !redacted;
  const period = (item: { from?: string; to?: string }) => interval('useablePeriod', item);
  return success(
    view,
    xml`
      ${addresses.map((item) => address(item, period(item), objectId(item)))}
      ${telecoms.map((item) => telecom(item, period(item), objectId(item)))}
      ${confidentiality(patient.confidentiality)}
      <patientPerson classCode="PSN" determinerCode="INSTANCE">
        ${names.map((item) => name(item, interval('validTime', item), objectId(item)))}
        ${personFacts42(view)}
        ${whole && patient.birthplace && birthplace(patient.birthplace)}
        ${whole && language(view)}
        ${provisions.map((item) => careProvision42(item, objectId(item)))}
        ${whole && relatedPersons(view, undefined)}
      </patientPerson>
      ${whole && rolePartsOf(view)}`,
  );
}

/** What is answered when no item is asked for. */
export function renderSerialChangeNumber(view: RecordView): string {
  return success(view, undefined);
}

function success({ patient: { scn, nhsNumber } }: RecordView, content: XmlFragment | undefined): string {
  return xml`
    <PdsSuccessfulRetrieval classCode="OBS" moodCode="EVN">
      <subject typeCode="SBJ"><patientRole classCode="PAT">${nhsNumberId(nhsNumber)}${content}</patientRole></subject>
      ${serialChangeNumber(scn)}
    </PdsSuccessfulRetrieval>`.text;
}

export function personFacts42({ patient, redacted }: RecordView): XmlFragment {
  const { gender, dateOfBirth, dateOfDeath, birthOrder } = patient;
  return xml`
    <administrativeGenderCode code="${gender}"/>
    ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
    ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
    ${!redacted && birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}`;
}

/** `id`: retrievals show the object id, traces don't. */
export function careProvision42(provision: PatientRegistration, id?: XmlFragment): XmlFragment {
  return xml`
    <playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ">
      <patientCareProvision classCode="PCPR" moodCode="EVN">
        ${id}
        <code code="${provisionCode(provision)}" codeSystem="${CODES.careProvision}"/>
        ${interval('effectiveTime', provision)}
        <responsibleParty typeCode="RESP"><healthCareProvider classCode="PROV">
          <id root="${OID.odsOrganisation}" extension="${provision.ods}"/>
        </healthCareProvider></responsibleParty>
      </patientCareProvision>
    </subjectOf></playedOtherProviderPatient>`;
}

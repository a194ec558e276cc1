/**
 * PdsTraceMatch of QUPA_IN000011UK02 and UK05: one subject for each match, best first, items as parts without object ids. MIM 7.2 has
 * the names before addresses and contacts, and an element type of its own for who recorded them (PRPA_MT000207UK05).
 */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientRegistration } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { provisionCode, type RecordView } from '../record/view.ts';
import { matchingLevel } from './match42.ts';
import { address, CODES, interval, name, nhsNumberId, telecom, ts } from './parts.ts';
import { type PartVersion, partOfWhole, partPerson, source, systemEffectiveDate } from './personParts.ts';
import { code72, confidentiality, deathNotification, previousNhsContact } from './roleParts.ts';

export interface MatchView {
  view: RecordView;
  /** Percent. */
  score: number;
}

export function renderMatches(matches: readonly MatchView[], version: PartVersion): string {
  return xml`
    <PdsTraceMatch classCode="OBS" moodCode="EVN">
      ${matches.map(
        ({ view, score }) => xml`
          <subject typeCode="SBJ"><patientRole classCode="PAT">
            ${confidentiality(version === 'UK03' ? code72(view.patient.confidentiality) : view.patient.confidentiality)}
            ${nhsNumberId(view.patient.nhsNumber)}
            ${person(view, version)}
            ${matchingLevel(score.toFixed(2))}
            ${!view.redacted && previousNhsContact(view.patient, 'subjectOf2')}
            ${deathNotification(view.patient, 'subjectOf3')}
          </patientRole></subject>`,
      )}
    </PdsTraceMatch>`.text;
}

function person(view: RecordView, version: PartVersion): XmlFragment {
  const { patient, addresses, telecoms, names, history, redacted } = view;
  const { gender, dateOfBirth, dateOfDeath, birthOrder } = patient;
  const practices = view.provisions.filter(({ type }) => type === undefined);
  const parts = { history, version };
  const called = names.map((item) =>
    partOfWhole('03', partPerson(name(item, interval('validTime', item))), item, parts),
  );
  const period = (item: { from?: string; to?: string }) => interval('useablePeriod', item);
  return xml`
    <patientPerson classCode="PSN" determinerCode="INSTANCE">
      <administrativeGenderCode code="${gender}"/>
      ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
      ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
      ${!redacted && birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}
      ${practices.map((practice) => careProvision(practice, parts))}
      ${version === 'UK03' && called}
      ${addresses.map((item) => partOfWhole('01', address(item, period(item)), item, parts))}
      ${telecoms.map((item) => partOfWhole('02', telecom(item, period(item)), item, parts))}
      ${version === 'UK02' && called}
    </patientPerson>`;
}

/** Source before date, unlike a retrieval. */
function careProvision(
  provision: PatientRegistration,
  { history, version }: { history: boolean; version: PartVersion },
): XmlFragment {
  const from = history ? source(provision, version) : undefined;
  const when = history ? systemEffectiveDate(provision) : undefined;
  return xml`
    <playedOtherProviderPatient classCode="PAT"><subjectOf typeCode="SBJ">
      <patientCareProvision classCode="PCPR" moodCode="EVN">
        <code code="${provisionCode(provision)}" codeSystem="${CODES.careProvision}"/>
        ${interval('effectiveTime', provision)}
        <performer typeCode="PRF"><assignedEntity classCode="ASSIGNED">
          <id root="${OID.odsOrganisation}" extension="${provision.ods}"/>
        </assignedEntity></performer>
        ${from && xml`<subjectOf1 typeCode="SUBJ">${from}</subjectOf1>`}
        ${when && xml`<subjectOf2 typeCode="SUBJ">${when}</subjectOf2>`}
      </patientCareProvision>
    </subjectOf></playedOtherProviderPatient>`;
}

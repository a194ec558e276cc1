/** PdsTraceMatch of MIM 4.2 (QUPA_IN030000UK32): number first, names before gender, the matching level at the end. */
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { RecordView } from '../record/view.ts';
import type { MatchView } from './advanced63.ts';
import { address, CODES, interval, name, nhsNumberId, observation, serialChangeNumber, telecom, ts } from './parts.ts';
import { careProvision42, personFacts42 } from './record42.ts';
import { confidentiality } from './roleParts.ts';

/** Percent, two decimals. A unique match is a full one. */
const FULL_MATCH = '100.00';

export function renderTraceMatch(view: RecordView): string {
  return pdsTraceMatch([subject(view, FULL_MATCH)]);
}

/** The same message answers an advanced trace, best first. */
export function renderMatches(matches: readonly MatchView[]): string {
  return pdsTraceMatch(matches.map(({ view, score }) => subject(view, score.toFixed(2))));
}

function pdsTraceMatch(subjects: readonly XmlFragment[]): string {
  return xml`<PdsTraceMatch classCode="OBS" moodCode="EVN">${subjects}</PdsTraceMatch>`.text;
}

function subject(view: RecordView, percent: string): XmlFragment {
  const { patient, addresses, telecoms, names, provisions } = view;
  const practice = provisions.find(({ type }) => type === undefined);
  return xml`
    <subject typeCode="SBJ"><patientRole classCode="PAT">
      ${nhsNumberId(patient.nhsNumber)}
      ${addresses.map((item) => address(item, interval('useablePeriod', item)))}
      ${telecoms.map((item) => telecom(item, interval('useablePeriod', item)))}
      ${confidentiality(patient.confidentiality)}
      <patientPerson classCode="PSN" determinerCode="INSTANCE">
        ${names.map((item) => name(item, interval('validTime', item)))}
        ${personFacts42(view)}
        ${practice && careProvision42(practice)}
      </patientPerson>
      ${matchingLevel(percent)}
    </patientRole></subject>`;
}

/** PdsNhsNumberConfirmation of QUPA_IN070000UK30; that its order is that of a retrieval is assumed. */
export function renderConfirmation({ patient, names }: RecordView): string {
  const { scn, nhsNumber, gender, dateOfBirth, dateOfDeath, confidentiality: code } = patient;
  const usual = names.find(({ use }) => use === 'L') ?? names[0];
  return xml`
    <PdsNhsNumberConfirmation classCode="OBS" moodCode="EVN">
      <subject typeCode="SBJ"><patientRole classCode="PAT">
        ${nhsNumberId(nhsNumber)}
        ${confidentiality(code)}
        <patientPerson classCode="PSN" determinerCode="INSTANCE">
          ${usual && name(usual)}
          <administrativeGenderCode code="${gender}"/>
          ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
          ${dateOfDeath && xml`<deceasedTime value="${ts(dateOfDeath)}"/>`}
        </patientPerson>
      </patientRole></subject>
      ${serialChangeNumber(scn)}
    </PdsNhsNumberConfirmation>`.text;
}

export function matchingLevel(percent: string): XmlFragment {
  const value = xml`<value unit="%" value="${percent}"/>`;
  return xml`<subjectOf1 typeCode="SBJ">${observation('matchingLevel', '12', value, CODES.observation)}</subjectOf1>`;
}

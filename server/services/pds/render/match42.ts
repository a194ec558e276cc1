/** PdsTraceMatch of MIM 4.2 (QUPA_IN030000UK32): number first, names before gender, the matching level at the end. */
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { RecordView } from '../record/view.ts';
import { address, CODES, interval, name, nhsNumberId, observation, telecom } from './parts.ts';
import { careProvision42, personFacts42 } from './record42.ts';
import { confidentiality } from './roleParts.ts';

/** Percent, two decimals. A unique match is a full one. */
const FULL_MATCH = '100.00';

export function renderTraceMatch(view: RecordView): string {
  const { patient, addresses, telecoms, names, provisions } = view;
  const practice = provisions.find(({ type }) => type === undefined);
  return xml`
    <PdsTraceMatch classCode="OBS" moodCode="EVN"><subject typeCode="SBJ"><patientRole classCode="PAT">
      ${nhsNumberId(patient.nhsNumber)}
      ${addresses.map((item) => address(item, interval('useablePeriod', item)))}
      ${telecoms.map((item) => telecom(item, interval('useablePeriod', item)))}
      ${confidentiality(patient.confidentiality)}
      <patientPerson classCode="PSN" determinerCode="INSTANCE">
        ${names.map((item) => name(item, interval('validTime', item)))}
        ${personFacts42(view)}
        ${practice && careProvision42(practice)}
      </patientPerson>
      ${matchingLevel(FULL_MATCH)}
    </patientRole></subject></PdsTraceMatch>`.text;
}

export function matchingLevel(percent: string): XmlFragment {
  const value = xml`<value unit="%" value="${percent}"/>`;
  return xml`<subjectOf1 typeCode="SBJ">${observation('matchingLevel', '12', value, CODES.observation)}</subjectOf1>`;
}

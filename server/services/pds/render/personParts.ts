/** Pieces that MIM 6.3 and 7.2 have in common for a patient and a related person. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientItem } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { CODES, codedValue, interval, observation } from './parts.ts';

/** Versions of the common message element types: UK02 in MIM 6.3, UK03 in 7.2. */
export type PartVersion = 'UK02' | 'UK03';

/** Who recorded an item; only with history. MIM 7.2 has an element type of its own for it. */
export function source(
  item: PatientItem,
  version: PartVersion = 'UK02',
  named = 'sourceSourceIdentified',
): XmlFragment | undefined {
  if (item.source === undefined) return undefined;
  const element = version === 'UK02' ? named : 'COCT_MT000205UK01.SourceIdentified';
  const value = xml`<value root="${OID.asid}" extension="${item.source}"/>`;
  return observation(element, '01', value, CODES.historyPart);
}

/** When an item was recorded and withdrawn; only with history. */
export function systemEffectiveDate({ recordedFrom, recordedTo }: PatientItem): XmlFragment | undefined {
  const value = interval('value', { from: recordedFrom, to: recordedTo });
  return value && observation('systemEffectiveDate', '02', value, CODES.historyPart);
}

/** The parts of a person are common message element types: 201 addresses, 202 telecoms, 203 names. */
export function partOfWhole(
  type: '01' | '02' | '03',
  content: XmlFragment,
  item: PatientItem,
  { history, version }: { history: boolean; version: PartVersion },
): XmlFragment {
  const element = `COCT_MT0002${type}${version}.PartOfWhole`;
  const from = history ? source(item, version) : undefined;
  const when = history ? systemEffectiveDate(item) : undefined;
  return xml`
    <${element} classCode="PART">
      ${content}
      ${from && xml`<subjectOf1 typeCode="SBJ">${from}</subjectOf1>`}
      ${when && xml`<subjectOf2 typeCode="SBJ">${when}</subjectOf2>`}
    </${element}>`;
}

export function partPerson(content: XmlFragment): XmlFragment {
  return xml`<partPerson classCode="PSN" determinerCode="INSTANCE">${content}</partPerson>`;
}

export function languageCommunication(code: string, interpreter = false): XmlFragment {
  return xml`
    <languageCommunication>
      <languageCode code="${code}"/>
      <preferenceInd value="true"/>
      <proficiencyLevelCode code="${interpreter ? '1' : '0'}" codeSystem="${CODES.interpreter}"/>
    </languageCommunication>`;
}

export function birthplace({ town, district, country }: { town?: string; district?: string; country?: string }) {
  return xml`
    <birthplace classCode="BIRTHPL"><addr>
      ${town && xml`<city>${town}</city>`}
      ${district && xml`<county>${district}</county>`}
      ${country && xml`<country>${country}</country>`}
    </addr></birthplace>`;
}

/** Preferred contact method with its times, and preferred written format. */
export function preferences(
  { method, times, writtenFormat }: { method?: string; times?: string; writtenFormat?: string },
  methodElement: string,
  formatElement: string,
): XmlFragment {
  const contactTimes =
    times &&
    xml`<pertinentInformation typeCode="PERT">
      ${observation('pertinentPreferredContactTimes', '10', xml`<value>${times}</value>`)}
    </pertinentInformation>`;
  const contact = xml`${method && codedValue(method, CODES.contactMethod)}${contactTimes}`;
  return xml`
    ${
      (method || times) &&
      xml`<${methodElement} typeCode="SBJ">${observation('preferredContactMethod', '9', contact)}</${methodElement}>`
    }
    ${
      writtenFormat &&
      xml`<${formatElement} typeCode="SBJ">
        ${observation('preferredWrittenCommunicationFormat', '13', codedValue(writtenFormat, CODES.writtenFormat))}
      </${formatElement}>`
    }`;
}

/** Pieces of MIM 6.3 that a patient and a related person have in common. */
import type { PatientItem } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { CODES, codedValue, observation, source, systemEffectiveDate } from './parts.ts';

/** The parts of a person are common message element types: 201 addresses, 202 telecoms, 203 names. */
export function partOfWhole(
  type: '01' | '02' | '03',
  content: XmlFragment,
  item: PatientItem,
  history: boolean,
): XmlFragment {
  const element = `COCT_MT0002${type}UK02.PartOfWhole`;
  const from = history ? source(item) : undefined;
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

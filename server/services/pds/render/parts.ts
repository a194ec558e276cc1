/** Pieces of a record that all generations write alike. */
import { OID } from '../../../core/hl7/oid.ts';
import type { PatientAddress, PatientItem, PatientName, PatientTelecom } from '../../../core/world/types.ts';
import { textElement, type XmlFragment, xml } from '../../../core/xml/template.ts';

const NPFIT = '2.16.840.1.113883.2.1.3.2.4';

/** Code systems of a demographic record. */
export const CODES = {
  observation: `${NPFIT}.17.35`,
  careProvision: `${NPFIT}.17.37`,
  previousContact: `${NPFIT}.17.38`,
  consentType: `${NPFIT}.17.164`,
  registrationEvent: `${NPFIT}.17.165`,
  removalReason: `${NPFIT}.17.168`,
  historyPart: `${NPFIT}.17.170`,
  sensitivity: `${NPFIT}.16.1`,
  consentValue: `${NPFIT}.16.2`,
  correspondenceCopy: `${NPFIT}.16.4`,
  deathStatus: `${NPFIT}.16.5`,
  healthspace: `${NPFIT}.16.7`,
  nextOfKin: `${NPFIT}.16.13`,
  relationship: `${NPFIT}.16.15`,
  contactMethod: `${NPFIT}.16.16`,
  writtenFormat: `${NPFIT}.16.17`,
  interpreter: `${NPFIT}.16.39`,
} as const;

/** A world date, `YYYY-MM-DD` or a part of it, as HL7 digits. */
export function ts(date: string): string {
  // The usual form is put together by hand: replaceAll takes ten times as long.
  if (date[4] === '-' && date.length === 10) return date.slice(0, 4) + date.slice(5, 7) + date.slice(8);
  return date.replaceAll('-', '');
}

/** An interval element such as useablePeriod, validTime or effectiveTime; nothing for an item without dates. */
export function interval(name: string, { from, to }: Pick<PatientItem, 'from' | 'to'>): XmlFragment | undefined {
  if (from === undefined && to === undefined) return undefined;
  return xml`
    <${name}>
      ${from !== undefined && xml`<low value="${ts(from)}"/>`}
      ${to !== undefined && xml`<high value="${ts(to)}"/>`}
    </${name}>`;
}

export function objectId({ objectId }: Pick<PatientItem, 'objectId'>): XmlFragment {
  return xml`<id root="${OID.pdsObject}" extension="${objectId}"/>`;
}

export function nhsNumberId(nhsNumber: string): XmlFragment {
  return xml`<id root="${OID.nhsNumber}" extension="${nhsNumber}"/>`;
}

/** `after`: what follows the content, such as period and object id. */
export function address(item: PatientAddress, ...after: (XmlFragment | undefined)[]): XmlFragment {
  const { use, lines, postcode, pafKey, description } = item;
  return xml`
    <addr use="${use}">
      ${lines.map((line) => textElement('streetAddressLine', line))}
      ${postcode && xml`<postalCode>${postcode}</postalCode>`}
      ${pafKey && xml`<addressKey>${pafKey}</addressKey>`}
      ${use === 'TMP' && description && xml`<desc>${description}</desc>`}
      ${after}
    </addr>`;
}

export function telecom({ use, value }: PatientTelecom, ...inside: (XmlFragment | undefined)[]): XmlFragment {
  if (!inside.some(Boolean)) return xml`<telecom use="${use}" value="${value}"/>`;
  return xml`<telecom use="${use}" value="${value}">${inside}</telecom>`;
}

export function name(item: PatientName, ...after: (XmlFragment | undefined)[]): XmlFragment {
  const { use, prefix, given: forenames, family, suffix } = item;
  return xml`
    <name use="${use}">
      ${prefix && xml`<prefix>${prefix}</prefix>`}
      ${forenames.map((forename) => xml`<given>${forename}</given>`)}
      ${family && xml`<family>${family}</family>`}
      ${suffix && xml`<suffix>${suffix}</suffix>`}
      ${after}
    </name>`;
}

/** An observation: code and value under `classCode` OBS. */
export function observation(element: string, code: string, value: XmlFragment, codeSystem: string = CODES.observation) {
  return xml`
    <${element} classCode="OBS" moodCode="EVN"><code code="${code}" codeSystem="${codeSystem}"/>${value}</${element}>`;
}

export function codedValue(code: string, codeSystem: string): XmlFragment {
  return xml`<value code="${code}" codeSystem="${codeSystem}"/>`;
}

export function serialChangeNumber(scn: number): XmlFragment {
  const value = xml`<value value="${scn}"/>`;
  return xml`
    <pertinentInformation typeCode="PERT">
      ${observation('pertinentSerialChangeNumber', '2', value)}
    </pertinentInformation>`;
}

/** Response payloads: verifyNHSNumber, getNHSNumber, and the failure of any of them. */
import { raw, type XmlFragment, xml } from '../../../core/xml/template.ts';
import { CODES, type Code } from '../codes.ts';
import type { LocalIdentifier } from '../query.ts';

const NHS_NUMBER_ROOT = '2.16.840.1.113883.2.1.4.1';

/** Opening of every response element: id, code, value, then what the service adds. */
export function responseElement(id: string, name: string, code: Code, content: XmlFragment | undefined): string {
  return xml`<${raw(name)} xmlns="urn:hl7-org:v3" moodCode="EVN" classCode="OBS"><id root="${id}"/>
    <code codeSystem="2.16.840.1.113883.2.1.3.2.4.17.284" code="${name}"/>
    <value codeSystem="2.16.840.1.113883.2.1.3.2.4.17.285" code="${code}"/>${content}</${raw(name)}>`.text;
}

export function failureResponse(id: string, name: string, code: Code): string {
  return responseElement(id, name, code, undefined);
}

export function verifyResponse(id: string, code: Code, nhsNumber: string, valid = true): string {
  return responseElement(
    id,
    'verifyNHSNumberResponse-v1-0',
    code,
    xml`<component typeCode="COMP"><validIdentifier moodCode="EVN" classCode="OBS">
      <code codeSystem="2.16.840.1.113883.2.1.3.2.4.17.287" code="VI"/><value value="${String(valid)}"/>
      <subject typeCode="SBJ"><patient classCode="PAT"><id root="${NHS_NUMBER_ROOT}" extension="${nhsNumber}"/>
      </patient></subject></validIdentifier></component>`,
  );
}

/** The NHS number, then the caller's own identifier echoed. */
export function patientIds(nhsNumber: string, local: LocalIdentifier | undefined): XmlFragment {
  return xml`<id root="${NHS_NUMBER_ROOT}" extension="${nhsNumber}"/>${
    local && xml`<id root="${local.root}" extension="${local.extension}"/>`
  }`;
}

export function numberResponse(id: string, nhsNumber: string, local: LocalIdentifier | undefined): string {
  return responseElement(
    id,
    'getNHSNumberResponse-v1-0',
    CODES.success,
    xml`<subject typeCode="SBJ"><patient classCode="PAT">${patientIds(nhsNumber, local)}</patient></subject>`,
  );
}

/** getPatientDetailsResponse: one each of the current addresses, current contacts, and the practice by its directory entry. */
import { currentAddresses, currentTelecoms, usualName } from '../../../core/demographics/current.ts';
import type { Organisation, Patient, PatientAddress, PatientName, PatientTelecom } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { Code } from '../codes.ts';
import type { LocalIdentifier } from '../query.ts';
import { patientIds, responseElement } from './responses.ts';

/** The message has room for two given names. */
const MAX_GIVEN_NAMES = 2;
const ADDRESS_USES = ['H', 'TMP', 'PST'];
const ADDRESS_LINES = 5;

export interface Details {
  id: string;
  code: Code;
  patient: Patient;
  /** Directory entry of the patient's practice; absent when the directory has none. */
  practice: Organisation | undefined;
  today: string;
  localIdentifier: LocalIdentifier | undefined;
  /** False: nothing is shown of where the patient is to be found. */
  open: boolean;
}

/** What is withheld of a sensitive record: address, contacts and practice. */
export function detailsResponse({ id, code, patient, practice, today, localIdentifier, open }: Details): string {
  const addresses = open ? currentAddresses(patient, today) : [];
  const telecoms = open ? currentTelecoms(patient, today) : [];
  const name = usualName(patient, today);
  return responseElement(
    id,
    'getPatientDetailsResponse-v1-0',
    code,
    xml`<subject typeCode="SBJ"><patient classCode="PAT">${patientIds(patient.nhsNumber, localIdentifier)}
      ${name && nameElement(name)}
      ${ADDRESS_USES.map((use) => addresses.find((address) => address.use === use)).map(
        (address) => address && addressElement(address),
      )}
      ${telecoms.map(telecomElement)}
      <patientPerson determinerCode="INSTANCE" classCode="PSN">
      <administrativeGenderCode code="${patient.gender}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.25"/>
      ${patient.dateOfBirth && xml`<birthTime value="${patient.dateOfBirth}"/>`}
      ${patient.dateOfDeath && xml`<deceasedTime value="${patient.dateOfDeath}"/>`}
      ${open && patient.gp && practiceElement(patient.gp.ods, practice)}</patientPerson></patient></subject>`,
  );
}

function nameElement(name: PatientName): XmlFragment {
  return xml`<name use="L">${name.prefix && xml`<prefix>${name.prefix}</prefix>`}
    ${name.given.slice(0, MAX_GIVEN_NAMES).map((given) => xml`<given>${given}</given>`)}
    <family>${name.family}</family></name>`;
}

function addressElement(address: PatientAddress): XmlFragment {
  return xml`<addr use="${address.use}"><postalCode>${address.postcode}</postalCode>${fiveLines(address.lines)}</addr>`;
}

function fiveLines(lines: readonly string[]): XmlFragment[] {
  return Array.from({ length: ADDRESS_LINES }, (_, index) =>
    lines[index] ? xml`<streetAddressLine>${lines[index]}</streetAddressLine>` : xml`<streetAddressLine/>`,
  );
}

/** An e-mail address goes under use H, as the public example has it. */
function telecomElement({ use, value }: PatientTelecom): XmlFragment {
  return xml`<telecom use="${value.startsWith('mailto:') ? 'H' : use}" value="${value}"/>`;
}

/** A practice that the directory does not know keeps its code, with empty name elements. */
function practiceElement(ods: string, practice: Organisation | undefined): XmlFragment {
  // The name stands where the address leaves the first line free; no other line moves.
  const lines = practice ? practice.address.map((line, index) => (index === 0 && !line ? practice.name : line)) : [];
  return xml`<gPPractice classCode="SDLOC"><addr><postalCode>${practice?.postcode}</postalCode>${fiveLines(lines)}</addr>
    ${practice?.phone && xml`<telecom value="tel:${practice.phone.replaceAll(' ', '')}"/>`}
    <locationOrganization determinerCode="INSTANCE" classCode="ORG">
    <id root="2.16.840.1.113883.2.1.3.2.4.19.2" extension="${ods}"/>
    ${practice ? xml`<name>${practice.name}</name>` : xml`<name/>`}</locationOrganization></gPPractice>`;
}

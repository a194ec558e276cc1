/** PdsRegistrationResponse: the number that was given, or the records that a birth may double. */

import { OID } from '../../../core/hl7/oid.ts';
import type { Patient } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { address, interval, name, nhsNumberId, serialChangeNumber, ts } from './parts.ts';
import { type PartVersion, partOfWhole, partPerson } from './personParts.ts';
import { confidentiality } from './roleParts.ts';

/** SNOMED CT, and its concept of a weight at birth. */
const SNOMED = '2.16.840.1.113883.2.1.3.2.4.15';
const BIRTH_WEIGHT = '364589006';

/** `subjectFirst`: MIM 4.2 has the patient before the serial change number. */
export function renderRegistered({ nhsNumber, scn }: Patient, subjectFirst = false): string {
  const subject = xml`<subject typeCode="SBJ"><patientRole classCode="PAT">${nhsNumberId(nhsNumber)}</patientRole></subject>`;
  const number = serialChangeNumber(scn);
  return xml`
    <PdsRegistrationResponse classCode="REG" moodCode="EVN">
      ${subjectFirst ? [subject, number] : [number, subject]}
    </PdsRegistrationResponse>`.text;
}

export interface Duplicate {
  patient: Patient;
  mother: Patient | undefined;
}

/** `recipient`: the child health department of the request, for records that name none. */
export function renderDuplicates(duplicates: readonly Duplicate[], recipient: string, version: PartVersion): string {
  return xml`
    <PdsRegistrationResponse classCode="REG" moodCode="EVN">
      ${duplicates.map(
        (duplicate) => xml`
          <subject typeCode="SBJ"><patientRole classCode="PAT">${patientRole(duplicate, recipient, version)}</patientRole></subject>`,
      )}
    </PdsRegistrationResponse>`.text;
}

function patientRole({ patient, mother }: Duplicate, recipient: string, version: PartVersion): XmlFragment {
  const {
    nhsNumber,
    gender,
    dateOfBirth,
    birthOrder,
    names,
    addresses,
    birthWeight,
    childHealth = recipient,
  } = patient;
  const open = patient.confidentiality === undefined;
  const parts = { history: false, version };
  return xml`
    ${confidentiality(patient.confidentiality)}
    ${nhsNumberId(nhsNumber)}
    <babyOf typeCode="BBY"><obstetricCareProvision classCode="PCPR" moodCode="EVN">
      <code code="OBS"/>
      <primaryInformationRecipient typeCode="PRCP"><partnerChildHealth classCode="ASSIGNED">
        <id root="${OID.sdsOrganisation}" extension="${childHealth}"/>
      </partnerChildHealth></primaryInformationRecipient>
      <recordTarget typeCode="RCT"><patient classCode="PAT">${motherOf(patient, mother)}</patient></recordTarget>
    </obstetricCareProvision></babyOf>
    <patientPerson classCode="PSN" determinerCode="INSTANCE">
      <administrativeGenderCode code="${gender}"/>
      ${dateOfBirth && xml`<birthTime value="${ts(dateOfBirth)}"/>`}
      ${birthOrder !== undefined && xml`<multipleBirthOrderNumber value="${birthOrder}"/>`}
      ${names.map((item) => partOfWhole('03', partPerson(name(item, interval('validTime', item))), item, parts))}
      ${open && addresses.map((item) => partOfWhole('01', address(item, interval('useablePeriod', item)), item, parts))}
    </patientPerson>
    ${
      birthWeight !== undefined &&
      xml`<subjectOf typeCode="SBJ"><birthWeight classCode="OBS" moodCode="EVN">
        <code code="${BIRTH_WEIGHT}" codeSystem="${SNOMED}"/><value value="${birthWeight}"/>
      </birthWeight></subjectOf>`
    }`;
}

/** A mother without a record is known by the family name of the child only. */
function motherOf(baby: Patient, mother: Patient | undefined): XmlFragment {
  const called = (mother ?? baby).names.find(({ use }) => use === 'L') ?? baby.names[0]!;
  return xml`
    ${baby.mother !== undefined && nhsNumberId(baby.mother)}
    <patientMother classCode="PSN" determinerCode="INSTANCE">
      ${mother?.dateOfBirth && xml`<birthTime value="${ts(mother.dateOfBirth)}"/>`}
      ${mother ? name(called) : xml`<name use="L"><family>${called.family}</family></name>`}
    </patientMother>`;
}

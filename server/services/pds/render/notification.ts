/**
 * PdsRegistrationEvent of PRPA_IN000208UK03 (PRPA_MT000212UK03): the birth notification as it came, with the number that PDS gave
 * and with name and address of the mother's practice.
 */
import { OID } from '../../../core/hl7/oid.ts';
import type { Organisation, Patient } from '../../../core/world/types.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { attributes, raw, textElement, type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { Birth } from '../register/birth.ts';
import { at, children } from '../update/elements.ts';
import { address, CODES, name, nhsNumberId, telecom, ts } from './parts.ts';
import { deathNotification } from './roleParts.ts';

export interface Notification {
  baby: Patient;
  birth: Birth;
  /** Directory entry of the mother's practice, where there is one. */
  practice: Organisation | undefined;
}

const ADDRESS_LINES = 5;
const ETHNIC_CATEGORY = '2.16.840.1.113883.2.1.3.2.4.16.6';

export function renderNotification({ baby, birth, practice }: Notification): string {
  const { event, patient, care } = birth;
  const usual = baby.names.find(({ use }) => use === 'L');
  return xml`
    <PdsRegistrationEvent classCode="REG" moodCode="EVN">
      ${same(event, 'author')}
      <subject typeCode="SBJ"><patient classCode="PAT">
        ${baby.addresses.map((item) => address(item))}
        ${nhsNumberId(baby.nhsNumber)}
        ${baby.telecoms.map((item) => telecom(item))}
        <babyOf typeCode="BBY"><obstetricCareProvision classCode="PCPR" moodCode="EVN">
          <code code="OBS"/>
          ${['author', 'location', 'primaryInformationRecipient'].map((part) => same(care, part))}
          <recordTarget typeCode="RCT"><mother classCode="PAT">
            ${same(at(care, 'recordTarget/mother'), 'id')}
            ${same(at(care, 'recordTarget/mother'), 'patientMotherPerson')}
            ${practiceOfMother(birth.practice, practice)}
          </mother></recordTarget>
          ${same(care, 'tracker')}
        </obstetricCareProvision></babyOf>
        <patientPerson classCode="PSN" determinerCode="INSTANCE">
          <administrativeGenderCode code="${baby.gender}"/>
          <birthTime value="${ts(baby.dateOfBirth ?? '')}"/>
          ${baby.dateOfDeath && xml`<deceasedTime value="${ts(baby.dateOfDeath)}"/>`}
          <ethnicGroupCode code="${baby.ethnicGroup ?? ''}" codeSystem="${ETHNIC_CATEGORY}"/>
          <multipleBirthOrderNumber value="${baby.birthOrder ?? ''}"/>
          ${usual && name(usual)}
        </patientPerson>
        ${['subjectOf1', 'subjectOf2'].map((part) => same(patient, part))}
        ${deathNotification(baby, 'subjectOf4')}
      </patient></subject>
    </PdsRegistrationEvent>`.text;
}

function practiceOfMother(ods: string, organisation: Organisation | undefined): XmlFragment {
  const lines = organisation?.address ?? Array<string>(ADDRESS_LINES).fill('');
  return xml`
    <subjectOf typeCode="SBJ"><primaryCareProvision classCode="PCPR" moodCode="EVN">
      <code code="1" codeSystem="${CODES.careProvision}"/>
      <performer typeCode="PRF"><primaryCareProviderWithDetail classCode="PROV">
        <id root="${OID.odsOrganisation}" extension="${ods}"/>
        <healthCarePrimaryCarePractice classCode="ORG" determinerCode="INSTANCE">
          <addr>
            ${lines.map((line) => textElement('streetAddressLine', line))}
            ${organisation?.postcode && xml`<postalCode>${organisation.postcode}</postalCode>`}
          </addr>
          ${organisation && xml`<name>${organisation.name}</name>`}
        </healthCarePrimaryCarePractice>
      </primaryCareProviderWithDetail></performer>
    </primaryCareProvision></subjectOf>`;
}

/** Children of that name as they came, but without prefixes. */
const same = (parent: XmlElement | undefined, child: string): XmlFragment[] => children(parent, child).map(plain);

function plain(element: XmlElement): XmlFragment {
  const own = element.attributes.filter(({ ns }) => ns === '');
  const leaf = element.children().length === 0;
  const inside = element.content.map((node) => {
    if (typeof node === 'string') return leaf && xml`${node}`;
    return node.ns === NS.hl7 && plain(node);
  });
  const tag = `${element.local}${attributes(Object.fromEntries(own.map(({ local, value }) => [local, value]))).text}`;
  const content = xml`${inside}`.text;
  return raw(content === '' ? `<${tag}/>` : `<${tag}>${content}</${element.local}>`);
}

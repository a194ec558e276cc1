/** Related persons: scopedRelatedPersonRole of MIM 6.3 and 7.2. */
import type { PatientItem, PatientRelated } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { RecordView } from '../record/view.ts';
import { address, CODES, codedValue, interval, name, nhsNumberId, objectId, observation, telecom } from './parts.ts';
import {
  languageCommunication,
  type PartVersion,
  partOfWhole,
  partPerson,
  preferences,
  source,
  systemEffectiveDate,
} from './personParts.ts';

/** A relationship that the record has no code for. */
const OTHER_RELATIONSHIP = '98';

/** The class of a related person who has no other. */
const USUAL_ROLE = 'PRS';

/** The type of a consent to be called back. */
const CALL_BACK = '6';

function callBackConsent(value: string): XmlFragment {
  const coded = codedValue(value, CODES.consentValue);
  return observation('callCentreCallBackConsent', CALL_BACK, coded, CODES.consentType);
}

interface PartForm {
  history: boolean;
  /** Undefined for MIM 4.2, which has no parts: what is in them stands by itself, and nothing says who recorded it. */
  version: PartVersion | undefined;
}

export function relatedPersons({ related, history }: RecordView, version: PartVersion | undefined): XmlFragment[] {
  return related.map((person) => relatedPerson(person, { history: history && version !== undefined, version }));
}

function relatedPerson(person: PatientRelated, form: PartForm): XmlFragment {
  const { relation, order, nextOfKin, correspondenceCopy, contactPreferences, callBack, role = USUAL_ROLE } = person;
  const from = form.history ? source(person, form.version, 'relatedPersonRoleSourceSourceIdentified') : undefined;
  const when = form.history ? systemEffectiveDate(person) : undefined;
  return xml`
    <scopedRelatedPersonRole classCode="${role}">
      <code code="${/^\d\d$/.test(relation) ? relation : OTHER_RELATIONSHIP}" codeSystem="${CODES.relationship}"/>
      ${interval('effectiveTime', person)}
      ${objectId(person)}
      ${order !== undefined && xml`<positionNumber value="${order}"/>`}
      ${
        nextOfKin &&
        xml`<part3 typeCode="PART"><partNextOfKin classCode="NOK">
          <code code="1" codeSystem="${CODES.nextOfKin}"/>
        </partNextOfKin></part3>`
      }
      ${
        correspondenceCopy &&
        xml`<part4 typeCode="PART"><partCorrespondence classCode="CON">
          <code code="1" codeSystem="${CODES.correspondenceCopy}"/>
        </partCorrespondence></part4>`
      }
      ${player(person, form)}
      ${contactPreferences && preferences(contactPreferences, 'subjectOf1', 'subjectOf2')}
      ${callBack !== undefined && xml`<subjectOf3 typeCode="SBJ">${callBackConsent(callBack)}</subjectOf3>`}
      ${from && xml`<subjectOf4 typeCode="SBJ">${from}</subjectOf4>`}
      ${when && xml`<subjectOf5 typeCode="SBJ">${when}</subjectOf5>`}
    </scopedRelatedPersonRole>`;
}

function player(person: PatientRelated, form: PartForm): XmlFragment {
  const { nhsNumber, telecoms = [], address: home, name: called, contactPreferences } = person;
  const { language, interpreter } = contactPreferences ?? {};
  return xml`
    <player classCode="PSN" determinerCode="INSTANCE">
      ${language && languageCommunication(language, interpreter)}
      ${nhsNumber && xml`<playedRelatedPatient classCode="PAT">${nhsNumberId(nhsNumber)}</playedRelatedPatient>`}
      ${telecoms.map((item) => part('02', telecom(item, interval('useablePeriod', item), objectId(item)), item, form))}
      ${home && part('01', address(home, interval('useablePeriod', home), objectId(home)), home, form)}
      ${called && part('03', name(called, interval('validTime', called), objectId(called)), called, form)}
    </player>`;
}

function part(type: '01' | '02' | '03', content: XmlFragment, item: PatientItem, { history, version }: PartForm) {
  if (version === undefined) return content;
  return partOfWhole(type, type === '03' ? partPerson(content) : content, item, { history, version });
}

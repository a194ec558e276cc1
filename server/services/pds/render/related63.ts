/** Related persons as MIM 6.3 writes them: scopedRelatedPersonRole. */
import type { PatientRelated } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { RecordView } from '../record/view.ts';
import { address, CODES, interval, name, nhsNumberId, objectId, telecom } from './parts.ts';
import { languageCommunication, partOfWhole, partPerson, preferences } from './parts63.ts';

/** A relationship that the record has no code for. */
const OTHER_RELATIONSHIP = '98';

export function relatedPersons({ related, history }: RecordView): XmlFragment[] {
  return related.map((person) => relatedPerson(person, history));
}

function relatedPerson(person: PatientRelated, history: boolean): XmlFragment {
  const { relation, order, nextOfKin, correspondenceCopy, contactPreferences } = person;
  return xml`
    <scopedRelatedPersonRole classCode="PRS">
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
      ${player(person, history)}
      ${contactPreferences && preferences(contactPreferences, 'subjectOf1', 'subjectOf2')}
    </scopedRelatedPersonRole>`;
}

function player(person: PatientRelated, history: boolean): XmlFragment {
  const { nhsNumber, telecoms = [], address: home, name: called, contactPreferences } = person;
  const { language, interpreter } = contactPreferences ?? {};
  return xml`
    <player classCode="PSN" determinerCode="INSTANCE">
      ${language && languageCommunication(language, interpreter)}
      ${nhsNumber && xml`<playedRelatedPatient classCode="PAT">${nhsNumberId(nhsNumber)}</playedRelatedPatient>`}
      ${telecoms.map((item) => partOfWhole('02', telecom(item, interval('useablePeriod', item), objectId(item)), item, history))}
      ${home && partOfWhole('01', address(home, interval('useablePeriod', home), objectId(home)), home, history)}
      ${called && partOfWhole('03', partPerson(name(called, interval('validTime', called), objectId(called))), called, history)}
    </player>`;
}

/** What hangs on the patient's role, in whichever element the message wants it. */
import type { NhaisRegistration, Patient } from '../../../core/world/types.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { RecordView } from '../record/view.ts';
import { CODES, codedValue, interval, nhsNumberId, observation, ts } from './parts.ts';
import { preferences } from './personParts.ts';

export function confidentiality(code: string | undefined): XmlFragment | undefined {
  return code === undefined ? undefined : xml`<confidentialityCode code="${code}" codeSystem="${CODES.sensitivity}"/>`;
}

/** MIM 7.2 has no code for business sensitivity (B). */
export const code72 = (code: string | undefined) => (code === 'Y' || code === 'S' ? code : undefined);

export function deathNotification({ deathStatus }: Patient, element: string): XmlFragment | undefined {
  if (deathStatus === undefined) return undefined;
  const notification = observation('deathNotification', '3', codedValue(deathStatus, CODES.deathStatus));
  return xml`<${element} typeCode="SBJ">${notification}</${element}>`;
}

export function previousNhsContact({ previousNhsContact }: Patient, element: string): XmlFragment | undefined {
  if (previousNhsContact === undefined) return undefined;
  const contact = observation('previousNhsContact', '17', codedValue(previousNhsContact, CODES.previousContact));
  return xml`<${element} typeCode="SBJ">${contact}</${element}>`;
}

/** Merged numbers, death, consents, preferences, registration, previous contact: PRPA_MT000201UK03 and UK06 have the same order. */
export function rolePartsOf({ patient, merged }: RecordView): XmlFragment {
  const { consents = [], contactPreferences, healthspace, sharedSecret, nhaisRegistration } = patient;
  return xml`
    ${merged.map(
      ({ nhsNumber, from }) => xml`
        <replacementOf typeCode="REPL"><oldVersion classCode="PAT">
          ${interval('effectiveTime', { from, to: undefined })}
          ${nhsNumberId(nhsNumber)}
        </oldVersion></replacementOf>`,
    )}
    ${
      healthspace !== undefined &&
      xml`<subjectOf1 typeCode="SBJ">
        ${observation('healthspaceRegistration', '8', codedValue(healthspace, CODES.healthspace))}
      </subjectOf1>`
    }
    ${deathNotification(patient, 'subjectOf2')}
    ${consents.map(
      (consent) => xml`
        <subjectOf3 typeCode="SBJ"><consent classCode="OBS" moodCode="EVN">
          <code code="${consent.type}" codeSystem="${CODES.consentType}"/>
          ${consent.from && xml`<effectiveTime value="${ts(consent.from)}"/>`}
          ${codedValue(consent.value, CODES.consentValue)}
        </consent></subjectOf3>`,
    )}
    ${contactPreferences && preferences(contactPreferences, 'subjectOf4', 'subjectOf5')}
    ${
      sharedSecret !== undefined &&
      xml`<subjectOf6 typeCode="SBJ">
        ${observation('sharedSecret', '15', xml`<value>${sharedSecret}</value>`)}
      </subjectOf6>`
    }
    ${nhaisRegistration && registrationEvent(nhaisRegistration)}
    ${previousNhsContact(patient, 'subjectOf8')}`;
}

function registrationEvent(registration: NhaisRegistration): XmlFragment {
  const { root, extension } = registration.custodian;
  return xml`
    <subjectOf7 typeCode="SBJ"><nHAISRegistrationEvent classCode="REG" moodCode="EVN">
      <code code="01" codeSystem="${CODES.registrationEvent}"/>
      ${interval('effectiveTime', registration)}
      <custodian typeCode="CST"><assignedDevice classCode="ASSIGNED">
        <id root="${root}" extension="${extension}"/>
      </assignedDevice></custodian>
    </nHAISRegistrationEvent></subjectOf7>`;
}

/** Reasons that tell of the armed forces or of a legal order are shown to ordinary users as ORR, other. */
const MASKED_REMOVALS: readonly string[] = ['AFN', 'AFL', 'SDN', 'SDL', 'LDN'];

/** Why there is no practice; undefined where there is one. */
export function removalReason({ gp, removalReason }: Patient): string | undefined {
  if (gp || removalReason === undefined) return undefined;
  return MASKED_REMOVALS.includes(removalReason) ? 'ORR' : removalReason;
}

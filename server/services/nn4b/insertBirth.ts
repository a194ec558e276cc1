/** Insert birth: checks in Spine's order, then a new record. */
import { OID } from '../../core/hl7/oid.ts';
import type { P1r1Handler, P1r1Refusal, P1r1Reply, P1r1Request } from '../../core/interactions/p1r1.ts';
import { WorldError } from '../../core/world/errors.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { xml } from '../../core/xml/template.ts';
import { numberFor, patientOf } from './patient.ts';
import { findMissing, textAt, textsAt } from './payload.ts';

const SERVICE = 'urn:nhs:names:services:pds:urn:spine:interactionid';
const RESPONSE = 'urn:spine:interactionid:insertbirthresponse';

export const INSERT_BIRTH: P1r1Handler = {
  serviceInteraction: `${SERVICE}:insertbirthrequest`,
  async handle(request) {
    const refusal = judge(request.payload);
    request.exchange.step('NN4B', refusal ? 'failed' : 'ok', refusal?.detail);
    return refusal ? { refusal } : insert(request);
  },
};

function judge(payload: XmlElement): P1r1Refusal | undefined {
  if (!payload.is('insertBirthRequestPayload', NS.nasp)) return missing('rootCheck.insertBirthRequestPayload');
  const location = findMissing(payload);
  if (location) return missing(location);
  const weight = textAt(payload, 'babyTracing/birthWeight')!;
  if (!/^\d{4}$/.test(weight)) {
    const detail = `birthWeight is "${weight.slice(0, 20)}"`;
    return named('INVALID_BIRTH_WEIGHT', detail, 'Send the weight in grams with four digits: 0950, 3420.');
  }
  const states = textsAt(payload, 'deathNotification/status').length;
  const times = textsAt(payload, 'patient/deceasedTime/value').length;
  if (states !== times) {
    const detail = `${states} deathNotification/status, ${times} deceasedTime/value`;
    return named('NN4B_INSERT_BIRTH_DEATH_STATUS_INCONSISTENT', detail, 'Send status and time of death together.');
  }
  return undefined;
}

async function insert({ exchange, payload, messageId, fromAsid }: P1r1Request): Promise<P1r1Reply> {
  const { world } = exchange.space;
  const number = await numberFor(payload, world);
  if (number === undefined) {
    const detail = `patient/id is "${textAt(payload, 'patient/id/extension')!.slice(0, 20)}"`;
    return { refusal: named('INVALID_NHS_NUMBER', detail, 'Send ten digits, the last a right check digit.') };
  }
  exchange.identify({ nhsNumber: number });
  if (await world.patients.get(number)) {
    return { refusal: business(`PDS has a record of ${number}`, 'Take a number that has no record yet.') };
  }
  try {
    await world.put('patients', withoutAbsent(patientOf(payload, number, fromAsid)));
  } catch (error) {
    if (!(error instanceof WorldError)) throw error;
    return { refusal: business(error.message, `Mend the payload: ${error.message}.`) };
  }
  exchange.step('PDS', 'ok', `${number} is born`);
  const id = xml`<nasp2:id><nasp2:root>${OID.nhsNumber}</nasp2:root><nasp2:extension>${number}</nasp2:extension></nasp2:id>`;
  const response = xml`<nasp2:insertBirthResponsePayload xmlns:nasp2="${NS.nasp}"><nasp2:messageId>${messageId}</nasp2:messageId>
    <nasp2:patient>${id}</nasp2:patient></nasp2:insertBirthResponsePayload>`;
  return { interaction: RESPONSE, payload: response.text };
}

/** The schema of a record knows no `undefined`, at any depth. */
function withoutAbsent(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

const named = (name: string, detail: string, advice: string): P1r1Refusal => ({
  name,
  code: name,
  text: name,
  detail,
  advice,
});

const business = (detail: string, advice: string): P1r1Refusal =>
  named('FAILED_DUE_TO_BUSINESS_VALIDATION_FAILURE', detail, advice);

const missing = (location: string): P1r1Refusal => ({
  name: 'FAILED_DUE_TO_BUSINESS_VALIDATION_FAILURE',
  code: 'GE007',
  text: 'GE007:Mandatory field missing',
  detail: `${location} is missing or empty`,
  advice: `Fill ${location}.`,
});

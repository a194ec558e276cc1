/** Retrieval by NHS number: the same behaviour for every generation, which differ in names and form. */
import { OID } from '../../../core/hl7/oid.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import type { Generation } from '../generation.ts';
import { FAILURES, type Failure, failedCheck, queryFailure, WARNINGS } from '../issues.ts';
import { Query, readHistoric } from '../query.ts';
import { findRecord } from '../record/lookup.ts';
import { type RecordView, viewRecord } from '../record/view.ts';

export interface Retrieval {
  interaction: string;
  reply: string;
  generation: Generation;
  /** The payload with the whole record. */
  renderRecord(view: RecordView): string;
  /** The payload with the serial change number alone. */
  renderSerialChangeNumber(view: RecordView): string;
}

const NHS_NUMBER_LENGTH = 10;

export function retrieval(definition: Retrieval): InteractionHandler {
  return {
    service: 'pdsquery',
    interactions: [definition.interaction],
    handle: (request) => retrieve(definition, request),
  };
}

async function retrieve(definition: Retrieval, request: InteractionRequest): Promise<InteractionReply> {
  const { generation } = definition;
  const { exchange } = request;
  const query = new Query(request);
  const history = readHistoric(query);
  if (typeof history !== 'boolean') return refuse(request, generation, history, 'historicDataIndicator is not 0 or 1');
  const number = readNumber(query);
  if (typeof number !== 'string')
    return refuse(request, generation, number, 'person.id is no NHS number of ten digits');
  exchange.identify({ nhsNumber: number });
  const found = await findRecord(exchange.space.world, number);
  if (found.state === 'unknown') {
    return refuse(request, generation, FAILURES.noRecord, `the world has no patient ${number}`);
  }
  if (found.state === 'invalid') {
    return refuse(request, generation, FAILURES.invalidRecord, `the record ${number} was invalidated`);
  }
  const { patient, superseded, merged } = found;
  exchange.step('RECORD', 'ok', superseded ? `superseded by ${patient.nhsNumber}` : undefined);
  const view = viewRecord(patient, { history, today: exchange.space.clock.iso().slice(0, 10), merged });
  const reasons = [...(view.redacted ? [WARNINGS.sensitive] : []), ...(superseded ? [WARNINGS.superseded] : [])];
  return {
    interaction: definition.reply,
    acknowledgement: 'AA',
    versionCode: generation.versionCode,
    reasons,
    subject: wantsRecord(query) ? definition.renderRecord(view) : definition.renderSerialChangeNumber(view),
    queryResponseCode: 'OK',
  };
}

/** Without any retrievalItem only the serial change number is answered; that every item but it means all is assumed. */
function wantsRecord(query: Query): boolean {
  return query.retrievalItems().some((item) => item !== 'person.scn');
}

function readNumber(query: Query): string | Failure {
  const value = query.value('person.id');
  if (value?.attr('root', '') !== OID.nhsNumber) return failedCheck('NHS_NUMBER_UNSPECIFIED');
  const number = value.attr('extension', '') ?? '';
  return number.length === NHS_NUMBER_LENGTH ? number : failedCheck('INVALID_NHS_NUMBER');
}

function refuse(
  { exchange }: InteractionRequest,
  generation: Generation,
  failure: Failure,
  detail: string,
): InteractionReply {
  const { code, displayName } = failure[1] ?? failure[0];
  exchange.step('RECORD', 'failed', detail);
  exchange.refuse(code, displayName, `PDS answered that it could not: ${detail}.`);
  return queryFailure(generation, failure);
}

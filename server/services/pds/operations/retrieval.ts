/** Retrieval by NHS number: the same behaviour for every generation, which differ in names and form. */
import { OID } from '../../../core/hl7/oid.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { FAILURES, type Failure, failedCheck, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import { Query, readHistoric } from '../query.ts';
import { findRecord } from '../record/lookup.ts';
import { type RecordView, viewRecord } from '../record/view.ts';
import { found, type QueryDefinition, refuse, viewing } from './outcome.ts';

export interface Retrieval extends QueryDefinition {
  /** The payload with the whole record. */
  renderRecord(view: RecordView): string;
  /** The payload with the serial change number alone. */
  renderSerialChangeNumber(view: RecordView): string;
}

const NHS_NUMBER_LENGTH = 10;

export function retrieval(definition: Retrieval): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pdsquery',
    interactions: [interaction],
    status,
    handle: (request) => retrieve(definition, request),
    fail: failing(definition.generation),
  };
}

async function retrieve(definition: Retrieval, request: InteractionRequest): Promise<InteractionReply> {
  const { generation, reply } = definition;
  const { exchange } = request;
  const query = new Query(request);
  const history = readHistoric(query);
  if (typeof history !== 'boolean') return refuse(request, generation, history, 'historicDataIndicator is not 0 or 1');
  const number = readNumber(query);
  if (typeof number !== 'string')
    return refuse(request, generation, number, 'person.id is no NHS number of ten digits');
  const record = await findRecord(exchange.space.world, number);
  if (record.state === 'unknown')
    return refuse(request, generation, FAILURES.noRecord, `there is no patient ${number}`);
  if (record.state === 'invalid') {
    return refuse(request, generation, FAILURES.invalidRecord, `the record ${number} was invalidated`);
  }
  const { patient, superseded, merged } = record;
  exchange.step('PDS', 'ok', superseded ? `superseded by ${patient.nhsNumber}` : undefined);
  const view = viewRecord(patient, { ...viewing(request), history, merged });
  const subject = wantsRecord(query) ? definition.renderRecord(view) : definition.renderSerialChangeNumber(view);
  const reasons = [...(view.redacted ? [WARNINGS.sensitive] : []), ...(superseded ? [WARNINGS.superseded] : [])];
  return found(reply, generation, subject, reasons);
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

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
  if (typeof number !== 'string') return refuse(request, generation, number.failure, number.detail);
  const record = await findRecord(exchange.space.world, number);
  if (record.state === 'unknown') return refuse(request, generation, FAILURES.noRecord, record.why);
  if (record.state === 'invalid') return refuse(request, generation, FAILURES.invalidRecord, record.why);
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

function readNumber(query: Query): string | { failure: Failure; detail: string } {
  const [value, another] = query.values('person.id');
  if (another) return { failure: failedCheck('NHS_NUMBER_UNSPECIFIED'), detail: 'person.id came more than once' };
  const root = value?.attr('root', '');
  if (root !== OID.nhsNumber) {
    const detail = value ? `the root of person.id is "${root ?? ''}"` : 'person.id/value is missing';
    return { failure: failedCheck('NHS_NUMBER_UNSPECIFIED'), detail };
  }
  const number = value!.attr('extension', '') ?? '';
  if (number.length === NHS_NUMBER_LENGTH) return number;
  const detail = `person.id is ${number.length} characters long, not ${NHS_NUMBER_LENGTH}`;
  return { failure: failedCheck('INVALID_NHS_NUMBER'), detail };
}

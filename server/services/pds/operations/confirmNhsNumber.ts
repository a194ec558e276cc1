/** Confirm NHS number: whose number is this, new style or old. */
import { OID } from '../../../core/hl7/oid.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import type { World } from '../../../core/world/world.ts';
import { FAILURES, failedCheck, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import { Query } from '../query.ts';
import { findRecord } from '../record/lookup.ts';
import { type RecordView, viewMatch } from '../record/view.ts';
import { found, type QueryDefinition, refuse, viewing } from './outcome.ts';

export interface Confirmation extends QueryDefinition {
  renderConfirmation(view: RecordView): string;
}

export function confirmNhsNumber(definition: Confirmation): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pdsquery',
    interactions: [interaction],
    status,
    handle: (request) => confirm(definition, request),
    fail: failing(definition.generation),
  };
}

async function confirm(definition: Confirmation, request: InteractionRequest): Promise<InteractionReply> {
  const { generation, reply } = definition;
  const { exchange } = request;
  const { world } = exchange.space;
  const [id, another] = new Query(request).values('person.id');
  const root = id?.attr('root', '');
  const asked = id?.attr('extension', '');
  if (!asked || another || (root !== OID.nhsNumber && root !== OID.oldNhsNumber)) {
    const detail = another
      ? 'person.id came more than once'
      : asked
        ? `the root of person.id is "${root ?? ''}"`
        : 'person.id has no number';
    return refuse(request, generation, failedCheck('NHS_NUMBER_UNSPECIFIED'), detail);
  }
  const number = root === OID.nhsNumber ? asked : await newNumberOf(world, asked);
  exchange.identify({ nhsNumber: number ?? asked });
  if (number === undefined) {
    return refuse(request, generation, FAILURES.numberNotFound, `nobody has the old-style number ${asked}`);
  }
  const record = await findRecord(world, number);
  if (record.state === 'unknown') return refuse(request, generation, FAILURES.numberNotFound, record.why);
  if (record.state === 'invalid') return refuse(request, generation, FAILURES.invalidRecord, record.why);
  exchange.step('PDS', 'ok', record.superseded ? `superseded by ${record.patient.nhsNumber}` : undefined);
  const view = viewMatch(record.patient, viewing(request));
  const reasons = [...(view.redacted ? [WARNINGS.sensitive] : []), ...(record.superseded ? [WARNINGS.superseded] : [])];
  return found(reply, generation, definition.renderConfirmation(view), reasons);
}

async function newNumberOf(world: World, oldStyle: string): Promise<string | undefined> {
  const [patient] = await world.patients.find({ oldStyleNumber: oldStyle });
  return patient?.nhsNumber;
}

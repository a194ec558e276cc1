/** Allocation of an NHS number: PDS looks first whether it has the person already. */
import { traceDuplicate } from '../../../core/demographics/register/duplicates.ts';
import { registerPatient } from '../../../core/demographics/register/register.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { updateWarning } from '../issues.ts';
import { readRegistration } from '../register/request.ts';
import { renderRegistered } from '../render/registered.ts';
import { change, changed, changeOf, type QueryDefinition, todayOf } from './outcome.ts';

export interface Allocation extends QueryDefinition {
  /** MIM 4.2 writes the patient before the serial change number. */
  subjectFirst?: boolean;
}

export function allocation(definition: Allocation): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pds',
    interactions: [interaction],
    changes: true,
    status,
    handle: (request) => change(request, () => allocate(definition, request)),
  };
}

async function allocate(definition: Allocation, request: InteractionRequest): Promise<InteractionReply> {
  const { exchange } = request;
  const { person, warning } = readRegistration(request.message);
  const duplicate = await traceDuplicate(exchange.space.world, person, todayOf(request));
  if (duplicate.outcome === 'match' && duplicate.patient.changedBy === request.messageId) {
    // The message came again after a failure.
    return changed(
      definition.reply,
      definition.generation,
      renderRegistered(duplicate.patient, definition.subjectFirst),
    );
  }
  // The names are those of the FHIR interface; what the HL7 one says was not seen.
  if (duplicate.outcome === 'match') breaks('SINGLE_MATCH', `PDS has this person: ${duplicate.patient.nhsNumber}`);
  if (duplicate.outcome === 'several') breaks('MULTIPLE_MATCHES', `PDS has ${duplicate.count} such people`);
  const patient = await registerPatient(exchange.space, person, changeOf(request));
  exchange.identify({ nhsNumber: patient.nhsNumber });
  exchange.step('PDS', 'ok', `allocated ${patient.nhsNumber}`);
  const reasons = warning ? [updateWarning(...warning)] : [];
  return changed(definition.reply, definition.generation, renderRegistered(patient, definition.subjectFirst), reasons);
}

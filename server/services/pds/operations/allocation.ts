/** Allocation of an NHS number: PDS looks first whether it has the person already. */
import { traceDuplicate } from '../../../core/demographics/register/duplicates.ts';
import { inTurn } from '../../../core/demographics/register/inTurn.ts';
import { whoFits } from '../../../core/demographics/trace.ts';
import { breaks } from '../../../core/demographics/update/fault.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { passedOver, type Registration, type RegistrationForm, readRegistration } from '../register/request.ts';
import { changing, explainUnknown, todayOf } from './outcome.ts';
import { type Registering, register, registered, warningsOf } from './register.ts';

export interface Allocation extends Registering {
  form: RegistrationForm;
}

export const allocation = (definition: Allocation): InteractionHandler => changing(definition, allocate);

async function allocate(definition: Allocation, request: InteractionRequest): Promise<InteractionReply> {
  for (const detail of passedOver(request.message)) request.exchange.step('PDS', 'info', detail);
  const registration = readRegistration(request.message, definition.form);
  const { dateOfBirth } = registration.person;
  return inTurn(request.exchange.space.world, dateOfBirth, () => make(definition, request, registration));
}

async function make(
  definition: Allocation,
  request: InteractionRequest,
  { person, warnings }: Registration,
): Promise<InteractionReply> {
  const duplicate = await traceDuplicate(request.exchange.space.world, person, todayOf(request));
  if (duplicate.outcome === 'match') {
    // The message came again after a failure.
    if (duplicate.patient.changedBy === request.messageId) return registered(definition, duplicate.patient);
    // The names are those of the FHIR interface; what the HL7 one says was not seen.
    breaks('SINGLE_MATCH', `PDS has this person: ${duplicate.patient.nhsNumber}`);
  }
  if (duplicate.outcome === 'several') {
    request.exchange.step('PDS', 'info', whoFits(duplicate));
    breaks('MULTIPLE_MATCHES', 'PDS has several such people, or may have');
  }
  const patient = await register(request, person);
  explainUnknown(
    request,
    person.provisions.map(({ ods }) => ods),
  );
  return registered(definition, patient, warningsOf(request, warnings));
}

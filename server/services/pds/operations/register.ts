/** What allocation and birth have in common: a record is made, and its number is the answer. */
import { type NewPatient, registerPatient } from '../../../core/demographics/register/register.ts';
import type { InteractionReply, InteractionRequest, Reason } from '../../../core/interactions/registry.ts';
import type { Patient } from '../../../core/world/types.ts';
import { updateWarning } from '../issues.ts';
import type { Warning } from '../register/addressKeys.ts';
import { renderRegistered } from '../render/registered.ts';
import { changed, changeOf, type QueryDefinition } from './outcome.ts';

export interface Registering extends QueryDefinition {
  /** MIM 4.2 writes the patient before the serial change number. */
  subjectFirst?: boolean;
}

/** Makes the record. Rejects with UpdateFault. */
export async function register(request: InteractionRequest, person: NewPatient): Promise<Patient> {
  const { exchange } = request;
  const patient = await registerPatient(exchange.space, person, changeOf(request));
  exchange.identify({ nhsNumber: patient.nhsNumber });
  exchange.step('PDS', 'ok', `allocated ${patient.nhsNumber}`);
  return patient;
}

/** The warnings of an answer, which the journal has too. */
export function warningsOf({ exchange }: InteractionRequest, warnings: readonly Warning[]): Reason[] {
  for (const [rule, detail] of warnings) exchange.step('PDS', 'info', `warned of ${rule}: ${detail}`);
  return warnings.map(([rule, detail]) => updateWarning(rule, detail));
}

/** The answer with the number. */
export const registered = (
  { reply, generation, subjectFirst }: Registering,
  patient: Patient,
  reasons: readonly Reason[] = [],
): InteractionReply => changed(reply, generation, renderRegistered(patient, subjectFirst), reasons);

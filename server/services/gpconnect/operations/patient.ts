/** Find and read a patient. */
import { londonDay } from '../../../core/clock/london.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { nhsNumberParameter } from '../checks/identifier.ts';
import { refuse } from '../errors.ts';
import { nhsNumberOf } from '../ids.ts';
import { searchset } from '../messages/bundle.ts';
import { patientResource } from '../messages/patient.ts';
import { type PracticePatient, patientAt, whyNotShown } from '../patients.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';
import { usualGp } from '../staff.ts';

/** The resource as the practice of the call shows it. */
export function shownPatient({ exchange, practice }: ProviderCall, found: PracticePatient): Resource {
  const { clock, world } = exchange.space;
  const today = londonDay(clock.now());
  const generalPractitioner = usualGp(world, practice.ods, today)?.person.uid;
  return patientResource(found, { ods: practice.ods, today, generalPractitioner });
}

/** The patient with that logical id, or 404 PATIENT_NOT_FOUND. */
export async function patientById(call: ProviderCall, id: string): Promise<PracticePatient> {
  const { core, exchange, practice } = call;
  const nhsNumber = nhsNumberOf(id);
  if (nhsNumber) exchange.identify({ nhsNumber });
  const found = nhsNumber && (await patientAt(core, exchange.space, practice.ods, nhsNumber));
  if (found) return found;
  const advice = nhsNumber
    ? `Ask for another: ${await whyNot(call, nhsNumber)}.`
    : 'Take the id from the answer to a search for the patient.';
  return refuse('patientNotFound', `No patient with id ${id} at ${practice.ods}`, advice);
}

async function whyNot({ exchange, practice }: ProviderCall, nhsNumber: string): Promise<string> {
  return whyNotShown(nhsNumber, await exchange.space.world.patients.get(nhsNumber), practice.ods);
}

/** 200 whether one is found or not: who is dead, sensitive or elsewhere is not told from nobody. */
async function find(call: ProviderCall): Promise<FhirAnswer> {
  const { core, exchange, practice, query } = call;
  const nhsNumber = nhsNumberParameter(query);
  exchange.identify({ nhsNumber });
  const found = await patientAt(core, exchange.space, practice.ods, nhsNumber);
  const why = found ? undefined : await whyNot(call, nhsNumber);
  exchange.step('patient', 'info', why ?? 'found');
  // The answer is as it should be, and yet empty: who looks at the list of exchanges shall see why.
  if (why !== undefined) exchange.nearMiss({ kind: 'patient', candidate: nhsNumber, reason: `is not found: ${why}` });
  return { resource: searchset(found ? [shownPatient(call, found)] : []) };
}

async function read(call: ProviderCall): Promise<FhirAnswer> {
  return { resource: shownPatient(call, await patientById(call, call.params.id!)) };
}

export const patientOperations: ProviderOperation[] = [
  {
    name: 'find patient',
    method: 'GET',
    capability: 'foundations',
    path: 'Patient',
    interactions: ['fhir:rest:search:patient-1'],
    scope: 'patient/*.read',
    parameters: ['identifier'],
    run: find,
  },
  {
    name: 'find patient',
    method: 'GET',
    capability: 'documents',
    path: 'Patient',
    interactions: ['documents:fhir:rest:search:patient-1'],
    scope: 'patient/*.read',
    parameters: ['identifier'],
    run: find,
  },
  {
    name: 'read patient',
    method: 'GET',
    capability: 'foundations',
    path: 'Patient/:id',
    interactions: ['fhir:rest:read:patient-1'],
    scope: 'patient/*.read',
    run: read,
  },
];

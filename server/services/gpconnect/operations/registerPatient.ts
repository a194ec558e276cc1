/** Patient/$gpc.registerpatient: a temporary registration with the practice, of somebody whom PDS knows. */
import { crossCheck } from '../../../core/demographics/trace.ts';
import { isDay } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { isResource } from '../../../core/fhir/resource.ts';
import { checkedNhsNumber } from '../checks/identifier.ts';
import { refuse } from '../errors.ts';
import { refuseBrokenElements, refuseUnknownElements } from '../messages/body.ts';
import { searchset } from '../messages/bundle.ts';
import { isShown, patientAt, type Registration, registrationKey, registrations } from '../patients.ts';
import { ID } from '../profiles.ts';
import type { FhirAnswer, ProviderCall, ProviderOperation } from '../providerCall.ts';
import { shownPatient } from './patient.ts';

interface Demographics {
  nhsNumber: string;
  family: string;
  given: string | undefined;
  /** HL7 digits. */
  dateOfBirth: string;
}

/** What is kept of the patient as it was sent. */
interface Sent {
  demographics: Demographics;
  contact: Pick<Registration, 'telecom' | 'address'>;
}

async function register(call: ProviderCall): Promise<FhirAnswer> {
  const { core, exchange, practice } = call;
  const { space } = exchange;
  const { demographics: asked, contact } = readPatient(call.body!);
  refuseUnknownElements(call.body!, core.config.gpconnect.unknownElements);
  refuseBrokenElements(call.body!);
  exchange.identify({ nhsNumber: asked.nhsNumber });
  if (await patientAt(core, space, practice.ods, asked.nhsNumber)) {
    refuse('duplicateRejected', 'The patient is registered with this practice already');
  }
  const verdict = await crossCheck(space.world, { ...asked });
  if (verdict.outcome !== 'verified' || verdict.superseded || !isShown(verdict.patient)) {
    const why = verdict.outcome === 'verified' ? 'PDS has a newer number for it, or does not show it' : verdict.outcome;
    exchange.step('PDS', 'failed', why);
    refuse('invalidPatientDemographics', 'The patient could not be verified with PDS', `PDS: ${why}.`);
  }
  exchange.step('PDS', 'ok', 'number, name and date of birth agree');
  const registration = { ods: practice.ods, nhsNumber: asked.nhsNumber, from: space.clock.iso(), ...contact };
  const key = registrationKey(practice.ods, asked.nhsNumber);
  const kept = await registrations(core).put(space.name, key, registration, { ifAbsent: true });
  if (!kept) refuse('duplicateRejected', 'The patient is registered with this practice already');
  return { resource: searchset([shownPatient(call, { patient: verdict.patient, registration })]) };
}

/** The patient of the one parameter registerPatient, with what PDS is asked by. */
function readPatient(body: Resource): Sent {
  const patient = registerParameter(body);
  const numbers = list(patient.identifier).filter((identifier) => identifier.system === ID.nhsNumber);
  if (numbers.length !== 1) refuse('invalidResource', `The patient must have one identifier of ${ID.nhsNumber}`);
  const { value } = numbers[0]!;
  const nhsNumber = checkedNhsNumber(typeof value === 'string' ? value : '');
  const names = list(patient.name);
  const official =
    names.find((name) => name.use === 'official') ?? refuse('invalidResource', 'There is no official name');
  if (typeof official.family !== 'string' || official.family === '') {
    refuse('invalidResource', 'The official name has no family name');
  }
  const { birthDate } = patient;
  if (typeof birthDate !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(birthDate) || !isDay(birthDate)) {
    refuse('invalidResource', 'birthDate must be a whole date');
  }
  const given = (official.given as unknown[] | undefined)?.[0];
  return {
    demographics: {
      nhsNumber,
      family: official.family,
      given: typeof given === 'string' ? given : undefined,
      dateOfBirth: birthDate.replaceAll('-', ''),
    },
    contact: { telecom: list(patient.telecom), address: list(patient.address) },
  };
}

function registerParameter(body: Resource): Resource {
  if (body.resourceType !== 'Parameters') refuse('invalidResource', `The body is ${body.resourceType}, not Parameters`);
  const parameters = list(body.parameter).filter((parameter) => parameter.name === 'registerPatient');
  if (parameters.length !== 1) refuse('invalidParameter', 'There must be one parameter registerPatient');
  const patient = parameters[0]!.resource;
  if (!isResource(patient) || patient.resourceType !== 'Patient') {
    refuse('invalidResource', 'The parameter registerPatient must hold a Patient');
  }
  return patient;
}

/** The objects of a property that repeats; none for anything else. */
function list(value: unknown): Record<string, unknown>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null);
}

export const registerOperations: ProviderOperation[] = [
  {
    name: 'register patient',
    method: 'POST',
    capability: 'foundations',
    path: 'Patient/$gpc.registerpatient',
    interactions: ['fhir:operation:gpc.registerpatient-1'],
    scope: 'patient/*.write',
    run: register,
  },
];

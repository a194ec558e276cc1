import type { Patient, PatientItem } from '../types.ts';
import { error, type Finding, warning } from './finding.ts';

export function* checkPatient(patient: Patient): Generator<Finding> {
  if (patient.supersededBy === patient.nhsNumber) yield error(['supersededBy'], 'a record cannot supersede itself');
  if ((patient.dateOfDeath === undefined) !== (patient.deathStatus === undefined)) {
    yield error(['deathStatus'], 'date and status of death go together');
  }
  const { dateOfBirth, dateOfDeath } = patient;
  if (dateOfBirth && dateOfDeath && dateOfDeath.slice(0, 8) < dateOfBirth.slice(0, 8)) {
    yield error(['dateOfDeath'], `${dateOfDeath} is before the birth, ${dateOfBirth}`);
  }
  const usual = patient.names.filter((name) => name.use === 'L' && name.to === undefined);
  if (usual.length !== 1) yield warning(['names'], `has ${usual.length} current usual names (use L), PDS keeps one`);
  for (const [index, address] of patient.addresses.entries()) {
    if (address.description !== undefined && address.use !== 'TMP') {
      yield warning(['addresses', index, 'description'], 'only a temporary address (TMP) has a description');
    }
  }
  const seen = new Set<string>();
  for (const { objectId } of itemsOf(patient)) {
    if (seen.has(objectId)) yield error([], `object id ${objectId} is used twice in this record`);
    seen.add(objectId);
  }
}

/** Every repeating item of a record that has an object id. */
export function itemsOf(patient: Patient): PatientItem[] {
  const related = patient.related ?? [];
  return [
    ...patient.names,
    ...patient.addresses,
    ...patient.telecoms,
    ...(patient.gp ? [patient.gp] : []),
    ...(patient.gpHistory ?? []),
    ...(patient.pharmacies ?? []),
    ...(patient.consents ?? []),
    ...(patient.genderHistory ?? []),
    ...related,
    ...related.flatMap(({ name, address, telecoms }) => [
      ...(name ? [name] : []),
      ...(address ? [address] : []),
      ...(telecoms ?? []),
    ]),
  ];
}

/** Every operation of the built-in providers. */
import type { ProviderOperation } from '../providerCall.ts';
import { appointmentOperations } from './appointments.ts';
import { documentOperations } from './documents.ts';
import { htmlOperations } from './htmlRecord.ts';
import { metadataOperations } from './metadata.ts';
import { organisationOperations } from './organisation.ts';
import { patientOperations } from './patient.ts';
import { registerOperations } from './registerPatient.ts';
import { slotOperations } from './slots.ts';
import { structuredOperations } from './structuredRecord.ts';

export const OPERATIONS: readonly ProviderOperation[] = [
  ...metadataOperations,
  ...patientOperations,
  ...organisationOperations,
  ...registerOperations,
  ...slotOperations,
  ...appointmentOperations,
  ...structuredOperations,
  ...documentOperations,
  ...htmlOperations,
];

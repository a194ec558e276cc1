/** Every call, in an order in which each knows what it needs from those before it. */
import { APPOINTMENTS } from './appointments.ts';
import type { GpConnectCall } from './call.ts';
import { FAULTS } from './faults.ts';
import { DOCUMENTS_PATIENT, FOUNDATIONS, READ_LOCATION, REGISTER, STATEMENTS } from './foundations.ts';
import { DOCUMENTS, MIGRATE, RECORDS } from './records.ts';

const [slots, ...appointments] = APPOINTMENTS;

export const CALLS: readonly GpConnectCall[] = [
  ...FOUNDATIONS,
  slots!,
  READ_LOCATION,
  ...appointments,
  STATEMENTS[0]!,
  ...RECORDS,
  STATEMENTS[1]!,
  DOCUMENTS_PATIENT,
  ...DOCUMENTS,
  ...FAULTS,
  REGISTER,
  MIGRATE,
];

/** GET metadata. */
import type { BookingOperation } from '../call.ts';
import { S } from '../call.ts';

const interactions = (...codes: string[]) => codes.map((code) => ({ code }));

/** Date on which this statement was last changed. */
const PUBLISHED = '2025-01-01';

const STATEMENT = {
  resourceType: 'CapabilityStatement',
  version: '2.0.1',
  name: 'Care Connect',
  status: 'active',
  date: PUBLISHED,
  publisher: 'Spine and CIS simulator',
  description: 'A provider of urgent care booking inside a simulator, with invented data only',
  kind: 'capability',
  software: { name: 'spine-cis-simulator', version: '2.0.1' },
  fhirVersion: '3.0.1',
  acceptUnknown: 'both',
  format: ['application/fhir+json', 'application/fhir+xml'],
  profile: ['Appointment', 'Slot', 'Schedule', 'HealthcareService'].map((name) => ({ reference: `${S}${name}-1` })),
  rest: [
    {
      mode: 'server',
      security: { cors: true },
      resource: [
        { type: 'Appointment', interaction: interactions('read', 'create', 'update') },
        {
          type: 'Slot',
          interaction: interactions('search-type'),
          searchInclude: ['Slot:schedule', 'Schedule:actor:HealthcareService'],
          searchParam: [
            { name: 'schedule.actor:healthcareservice', type: 'reference' },
            { name: 'start', type: 'date' },
            { name: 'status', type: 'token' },
          ],
        },
      ],
    },
  ],
};

export const metadata: BookingOperation = {
  name: 'read metadata',
  method: 'GET',
  path: 'metadata',
  id: 'none',
  interaction: 'read:metadata',
  scopes: [
    'organization/*.read',
    'organization/slot.read',
    'patient/appointment.read',
    'patient/appointment.write',
    'patient/*.read',
    'patient/*.write',
  ],
  run: () => ({ resource: STATEMENT }),
};

/** Appointments as consumers book them. */

// biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every shape
export type Resource = any;

export const S = 'https://fhir.nhs.uk/STU3/StructureDefinition/';

/** In slots that follow one another, for the patient with that logical id. */
export function appointment(slots: Resource[], patient: string, changes: object = {}): Resource {
  return {
    resourceType: 'Appointment',
    meta: { profile: [`${S}GPConnect-Appointment-1`] },
    contained: [
      {
        resourceType: 'Organization',
        id: '1',
        name: 'Example Clinic',
        telecom: [{ system: 'phone', value: '01632960000' }],
      },
    ],
    extension: [{ url: `${S}Extension-GPConnect-BookingOrganisation-1`, valueReference: { reference: '#1' } }],
    status: 'booked',
    description: 'Example',
    start: slots[0].start,
    end: slots.at(-1).end,
    slot: slots.map(({ id }) => ({ reference: `Slot/${id}` })),
    created: '2030-05-25T13:00:00+01:00',
    participant: [
      { actor: { reference: `Patient/${patient}` }, status: 'accepted' },
      { actor: { reference: 'Location/Z99901-1' }, status: 'accepted' },
    ],
    ...changes,
  };
}

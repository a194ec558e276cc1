/** Urgent care booking as NHS 111 systems and the toolkit workbench call it, through the SSP. */
import type { Ask, Spine } from '../../helper.ts';
import { through, token } from '../ssp/consumer.ts';

export const ROOT = 'https://uec.example-supplier.thirdparty.nhs.uk/Z99903/STU3/1/careconnect/fhir';
const Q = 'urn:nhs:names:services:careconnect:fhir:rest:';
export const SERVICE = '2000000001';
export const NOW = '2030-05-28T10:00:00Z';

export interface Call extends Ask {
  scope?: string;
  resource?: unknown;
  /** ISO; the consumer's own time. */
  now?: string;
  more?: Record<string, string | undefined>;
}

let count = 0;

export async function call(spine: Spine, interaction: string, path: string, options: Call = {}) {
  const { scope = 'organization/slot.read', resource, more, now: at = NOW, ...ask } = options;
  const now = Math.floor(Date.parse(at) / 1000);
  const answer = await through(
    spine,
    `${ROOT}/${path}`,
    {
      'Ssp-To': '200000000931',
      'Ssp-InteractionID': Q + interaction,
      'X-Request-ID': `0f0f0f0f-0000-4000-8000-${String(++count).padStart(12, '0')}`,
      Authorization: token({ requested_scope: scope, iat: now, exp: now + 300, requesting_practitioner: undefined }),
      ...(resource === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
      ...more,
    },
    { ...ask, ...(resource === undefined ? {} : { body: JSON.stringify(resource) }) },
  );
  const json = /json/.test(String(answer.headers['content-type'])) ? JSON.parse(answer.text) : undefined;
  return {
    ...answer,
    json,
    code: json?.resourceType === 'OperationOutcome' ? json.issue[0].details.coding[0].code : undefined,
  };
}

export interface SlotResource {
  id: string;
  start: string;
  end: string;
}

export function appointment(slot: SlotResource, changes: object = {}) {
  return {
    resourceType: 'Appointment',
    contained: [
      {
        resourceType: 'DocumentReference',
        id: '123',
        identifier: [{ system: 'https://system.dos.nhs.uk/Id/case-id', value: '1' }],
        status: 'current',
        type: { text: '111 report' },
        indexed: NOW,
        content: [{ attachment: { contentType: 'application/hl7-v3+xml', language: 'en' } }],
      },
      {
        resourceType: 'Patient',
        id: 'P1',
        identifier: [{ use: 'official', system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9996010007' }],
        name: [{ use: 'official', family: 'Testfamily', given: ['Testgiven'] }],
      },
      {
        resourceType: 'Slot',
        id: slot.id,
        schedule: { reference: 'Schedule/1' },
        status: 'free',
        start: slot.start,
        end: slot.end,
      },
    ],
    status: 'booked',
    supportingInformation: [{ reference: '#123' }],
    description: 'Sore throat',
    start: slot.start,
    end: slot.end,
    created: NOW,
    slot: [{ reference: `#${slot.id}` }],
    participant: [{ actor: { reference: '#P1' }, status: 'accepted' }],
    ...changes,
  };
}

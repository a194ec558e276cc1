/** Appointments of a practice, and of urgent care. */
import * as careconnect from '../services/careconnect/consumer.ts';
import { appointment, type Resource } from '../services/gpconnect/booking.ts';
import { call, NHS_NUMBER } from '../services/gpconnect/consumer.ts';
import { failing, type Ledger } from './ledger.ts';
import type { Running } from './process.ts';

const ADULT = '9996010007';
const dayFrom = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Appointments, of which every third is cancelled. */
export function appointments(): Ledger {
  const known = new Map<string, { slot: string; cancelled: boolean }>();
  let slots: Resource[] = [];
  let patient = '';
  const search = async ({ spine }: Running) => {
    const query = `Slot?status=free&start=ge${dayFrom(2)}&end=le${dayFrom(15)}&_include=Slot:schedule`;
    const { json } = await call(spine, 'fhir:rest:search:slot-1', query, { scope: 'organization/*.read' });
    return (json.entry ?? [])
      .map(({ resource }: Resource) => resource)
      .filter((one: Resource) => one.resourceType === 'Slot');
  };
  return {
    name: 'appointments',
    async begin(running) {
      slots = await search(running);
      const found = await call(
        running.spine,
        'fhir:rest:search:patient-1',
        `Patient?identifier=${NHS_NUMBER}|${ADULT}`,
      );
      patient = found.json.entry[0].resource.id;
    },
    async work({ spine }, n) {
      const slot = slots[n];
      if (!slot) return;
      const write = { scope: 'patient/*.write' };
      const resource = appointment([slot], patient, { created: new Date().toISOString().replace(/\.\d+Z/, '+00:00') });
      const booked = await call(spine, 'fhir:rest:create:appointment-1', 'Appointment', { ...write, resource });
      if (booked.status !== 201) throw new Error(`booking refused: ${booked.diagnostics}`);
      const { id } = booked.json;
      if (n % 3 > 0) {
        known.set(id, { slot: slot.id, cancelled: false });
        return;
      }
      const reason = 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-GPConnect-AppointmentCancellationReason-1';
      const cancelled = {
        ...booked.json,
        status: 'cancelled',
        extension: [...booked.json.extension, { url: reason, valueString: 'Better' }],
      };
      const answer = await call(spine, 'fhir:rest:cancel:appointment-1', `Appointment/${id}`, {
        ...write,
        method: 'PUT',
        resource: cancelled,
        headers: { 'If-Match': 'W/"1"' },
      });
      if (answer.status !== 200) throw new Error(`cancellation refused: ${answer.diagnostics}`);
      known.set(id, { slot: slot.id, cancelled: true });
    },
    count: () => known.size,
    async faults(running) {
      const free = new Set((await search(running)).map(({ id }: Resource) => id));
      return failing(known, async ([id, { slot, cancelled }]) => {
        const { json } = await call(running.spine, 'fhir:rest:read:appointment-1', `Appointment/${id}`);
        if (json?.status !== (cancelled ? 'cancelled' : 'booked')) return `it is ${json?.status}`;
        return free.has(slot) === cancelled || `its slot ${slot} is ${free.has(slot) ? 'free' : 'taken'}`;
      });
    },
  };
}

/** Urgent care bookings, of which every third is cancelled; a request that was answered books nothing a second time. */
export function urgentCare(): Ledger {
  const known = new Map<string, { n: number; slot: string; cancelled: boolean }>();
  const write = 'patient/appointment.write';
  let slots: careconnect.SlotResource[] = [];
  const ask = ({ spine }: Running, interaction: string, path: string, options: careconnect.Call) =>
    careconnect.call(spine, interaction, path, { now: new Date().toISOString(), ...options });
  const search = async (running: Running): Promise<careconnect.SlotResource[]> => {
    const query = `schedule.actor:healthcareservice=${careconnect.SERVICE}&start=ge${dayFrom(2)}&start=le${dayFrom(5)}`;
    const { json } = await ask(running, 'search:slot', `Slot?${query}`, {});
    return json.entry.map(({ resource }: { resource: careconnect.SlotResource }) => resource);
  };
  const book = (running: Running, n: number) => {
    const more = { 'X-Request-ID': `0b00c000-0000-4000-8000-${String(n).padStart(12, '0')}` };
    const resource = careconnect.appointment(slots[n]!);
    return ask(running, 'create:appointment', 'Appointment', { method: 'POST', scope: write, resource, more });
  };
  return {
    name: 'urgent care bookings',
    async begin(running) {
      slots = await search(running);
    },
    async work(running, n) {
      const booked = await book(running, n);
      if (booked.status !== 201) throw new Error(`booking refused: ${booked.text}`);
      const { id } = booked.json;
      const cancelled = n % 3 === 0;
      if (cancelled) {
        const answer = await ask(running, 'update:appointment', `Appointment/${id}`, {
          ...{ method: 'PUT', scope: write, more: { 'If-Match': 'W/"1"' } },
          resource: { ...booked.json, status: 'cancelled' },
        });
        if (answer.status !== 200) throw new Error(`cancellation refused: ${answer.text}`);
      }
      known.set(id, { n, slot: slots[n]!.id, cancelled });
    },
    count: () => known.size,
    async faults(running) {
      const free = new Set((await search(running)).map(({ id }) => id));
      return failing(known, async ([id, { n, slot, cancelled }]) => {
        const { json } = await ask(running, 'read:appointment', `Appointment/${id}`, {
          scope: write.replace('write', 'read'),
        });
        if (json?.status !== (cancelled ? 'cancelled' : 'booked')) return `it is ${json?.status}`;
        if (free.has(slot) !== cancelled) return `its slot ${slot} is ${free.has(slot) ? 'free' : 'taken'}`;
        const { status } = await book(running, n);
        return status === 409 || `its request, sent again, is answered ${status}`;
      });
    },
  };
}

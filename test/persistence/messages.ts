/** Messages: accepted over ebXML, sent and acknowledged over MESH; appointments of a practice. */

import { appointment, type Resource } from '../services/gpconnect/booking.ts';
import { call, NHS_NUMBER } from '../services/gpconnect/consumer.ts';
import { MeshClient } from '../services/mesh/client.ts';
import { ebxmlRequest, HOST } from '../services/messaging/requests.ts';
import { failing, type Ledger } from './ledger.ts';
import type { Running } from './process.ts';

/** Said again, an accepted message is a duplicate: the same bytes are the answer, and one delivery is owed for both. */
export function ebxml(): Ledger {
  const known = new Map<string, string>();
  const upload = async ({ spine }: Running, messageId: string) => {
    const request = ebxmlRequest({ messageId, conversationId: messageId });
    return spine.ask(HOST, { path: '/reliablemessaging/reliablerequest', ...request });
  };
  return {
    name: 'ebXML acceptance',
    async work(running, n) {
      const messageId = `0A11B5C0-0003-4000-8000-${String(n).padStart(12, '0')}`;
      const { status, text } = await upload(running, messageId);
      if (status !== 202) throw new Error(`upload refused: ${text}`);
      known.set(messageId, text);
    },
    count: () => known.size,
    faults: (running) =>
      failing(known, async ([messageId, acknowledgement]) => {
        const again = await upload(running, messageId);
        if (again.status !== 202 || again.text !== acknowledgement) return 'it is not known as a duplicate';
        const { body } = await running.spine.admin('GET', `/api/deliveries?conversation=${messageId}`);
        return body.deliveries.length === 1 || `${body.deliveries.length} deliveries`;
      }),
  };
}

/** A body that tells its own length, in a row or in a blob. */
const SIZES = [40, 30_000, 200_000];
const bodyOf = (n: number) => Buffer.from(`${n} ${SIZES[n % 3]}\n`.padEnd(SIZES[n % 3]!, String(n % 10)));
const isWhole = (body: Buffer) => body.length === Number(/^\d+ (\d+)/.exec(body.toString('latin1', 0, 40))?.[1]);

export function mesh(): Ledger {
  const sent = new Map<string, number>();
  const collected = new Set<string>();
  const twice: string[] = [];
  let clients: { of: Running; sender: MeshClient; reader: MeshClient } | undefined;
  const clientsOf = (running: Running) => {
    if (clients?.of !== running) {
      clients?.sender.close();
      clients?.reader.close();
      clients = {
        of: running,
        sender: new MeshClient(running.spine, 'X26ABC1'),
        reader: new MeshClient(running.spine, 'X26ABC2'),
      };
    }
    return clients;
  };
  return {
    name: 'MESH',
    async work(running, n) {
      const { sender, reader } = clientsOf(running);
      const { status, json } = await sender.send('X26ABC2', bodyOf(n));
      if (status !== 202) throw new Error(`send refused: ${JSON.stringify(json)}`);
      const id: string = json.message_id;
      if (sent.has(id)) twice.push(id);
      sent.set(id, n);
      if (n % 3 > 0) return;
      await reader.acknowledge(id);
      collected.add(id);
    },
    count: () => sent.size + collected.size,
    async faults(running) {
      const { sender, reader } = clientsOf(running);
      const { json } = await reader.list('?max_results=5000');
      const waiting = new Set<string>(json.messages);
      const wrong = await failing(sent, async ([id, n]) => {
        if (collected.has(id)) return !waiting.has(id) || 'collected, and in the inbox again';
        if (!waiting.has(id)) return (await sender.track(id)).json.status === 'acknowledged' || 'gone';
        return (await reader.get(id)).body.equals(bodyOf(n)) || 'another body';
      });
      const others = [...waiting].filter((id) => !sent.has(id));
      const half = await failing(others, async (id) => isWhole((await reader.get(id)).body) || 'half a body');
      for (const one of [sender, reader]) one.close();
      clients = undefined;
      return [...wrong, ...half, ...twice.map((id) => `${id} was given twice`)];
    },
  };
}

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

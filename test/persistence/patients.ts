/** PDS: updates, allocations and births, each in a space of its own, and GP Connect registrations of those who were allocated. */
import { nthNhsNumber } from '../../server/core/world/nhsNumber.ts';
import type { Spine } from '../helper.ts';
import { call, NHS_NUMBER } from '../services/gpconnect/consumer.ts';
import { HOST, retrievalQuery } from '../services/messaging/requests.ts';
import { insertBirth } from '../services/nn4b/births.ts';
import { registration } from '../services/pds/registration.ts';
import { ask, objectId, updateRequest } from '../services/pds/tools.ts';
import { failing, type Ledger } from './ledger.ts';
import { inSpace } from './process.ts';

const retrieve = (spine: Spine, nhsNumber: string) =>
  ask(spine, { interaction: 'QUPA_IN000008UK02', act: retrievalQuery(nhsNumber) });

const scnOf = (subject: Awaited<ReturnType<typeof retrieve>>['subject']) =>
  Number(subject?.find('pertinentSerialChangeNumber')?.child('value')?.attr('value'));

/** Letters alone: a family name has no digits. */
const letters = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

/** Patients who are moved again and again; of each one client at a time. */
const MOVING = ['9996010007', '9996030008', '9996040003', '9996440001'];

export function updates(space: string): Ledger {
  /** By patient: the last acknowledged number and street, and the street that was asked for last. */
  const known = new Map<string, { scn: number; street: string; asked: string }>();
  const busy = new Set<string>();
  let done = 0;
  return {
    name: `updates in ${space}`,
    async begin() {
      busy.clear();
    },
    async work({ spine: whole }, n) {
      const spine = inSpace(whole, space);
      const nhsNumber = MOVING[n % MOVING.length]!;
      if (busy.has(nhsNumber)) return;
      busy.add(nhsNumber);
      try {
        const before = (await retrieve(spine, nhsNumber)).subject!;
        const scn = scnOf(before);
        const id = before.find('addr')?.child('id')?.attr('extension');
        const street = `${n} Harbour Steps`;
        const last = known.get(nhsNumber);
        if (last) last.asked = street;
        const addr = `<addr use="H" updateMode="altered"><streetAddressLine></streetAddressLine><streetAddressLine>${street}</streetAddressLine><streetAddressLine></streetAddressLine><streetAddressLine>Testbridge</streetAddressLine><streetAddressLine></streetAddressLine><postalCode>ZZ99 3VZ</postalCode>${id ? objectId(id) : ''}</addr>`;
        const act = updateRequest(nhsNumber, scn, { before: addr });
        const reply = await ask(spine, { service: 'pds', interaction: 'PRPA_IN000203UK03', act });
        if (reply.typeCode !== 'AA') throw new Error(`update refused: ${reply.reasons.join()}`);
        known.set(nhsNumber, { scn: scnOf(reply.subject), street, asked: street });
        done++;
      } finally {
        busy.delete(nhsNumber);
      }
    },
    count: () => done,
    faults: ({ spine }) =>
      failing(known, async ([nhsNumber, { scn, street, asked }]) => {
        const { subject, text } = await retrieve(inSpace(spine, space), nhsNumber);
        const now = scnOf(subject);
        if (now === scn) return text.includes(street) || `${street} is not there`;
        // The last one may have been done without a word of it; then it is whole.
        return (now === scn + 1 && text.includes(asked)) || `number ${now}, not ${scn}`;
      }),
  };
}

/** New NHS numbers; each second patient is registered for a time with another practice too. */
export function allocations(space: string): Ledger {
  const known = new Map<string, { family: string; registered: boolean }>();
  const twice: string[] = [];
  return {
    name: `allocations in ${space}`,
    async work({ spine: whole }, n) {
      const spine = inSpace(whole, space);
      const family = `Wren${letters(n)}`;
      const birth = `<birthTime value="${1940 + (n % 60)}0704"/>`;
      const act = registration({ family, birth });
      const reply = await ask(spine, { service: 'pds', interaction: 'PRPA_IN000200UK03', act });
      if (reply.typeCode !== 'AA') throw new Error(`allocation refused: ${reply.reasons.join()}`);
      const nhsNumber = reply.subject!.find('patientRole')!.child('id')!.attr('extension')!;
      if (known.has(nhsNumber)) twice.push(nhsNumber);
      known.set(nhsNumber, { family, registered: false });
      if (n % 2 > 0) return;
      const resource = {
        resourceType: 'Patient',
        identifier: [{ system: NHS_NUMBER, value: nhsNumber }],
        name: [{ use: 'official', family, given: ['Caspian'] }],
        birthDate: `${1940 + (n % 60)}-07-04`,
      };
      const answer = await call(spine, 'fhir:operation:gpc.registerpatient-1', 'Patient/$gpc.registerpatient', {
        scope: 'patient/*.write',
        ods: 'Z99902',
        resource: { resourceType: 'Parameters', parameter: [{ name: 'registerPatient', resource }] },
      });
      if (answer.status !== 200) throw new Error(`registration refused: ${answer.diagnostics}`);
      known.set(nhsNumber, { family, registered: true });
    },
    count: () => known.size,
    async faults({ spine: whole }) {
      const spine = inSpace(whole, space);
      const wrong = await failing(known, async ([nhsNumber, { family, registered }]) => {
        if (!(await retrieve(spine, nhsNumber)).text.includes(family)) return false;
        if (!registered) return true;
        const path = `Patient?identifier=${NHS_NUMBER}|${nhsNumber}`;
        const { json } = await call(spine, 'fhir:rest:search:patient-1', path, { ods: 'Z99902' });
        return json.entry?.length === 1 || 'its temporary registration';
      });
      return [...wrong, ...twice.map((number) => `${number} was given twice`)];
    },
  };
}

export function births(space: string): Ledger {
  const known = new Set<string>();
  return {
    name: `births in ${space}`,
    async work({ spine }, n) {
      const number = nthNhsNumber('9997800000', n);
      const body = insertBirth({ number, messageId: `birth-${n}` });
      const answer = await inSpace(spine, space).ask(HOST, {
        path: '/sync-service',
        headers: { 'Content-Type': 'text/xml' },
        body,
      });
      if (!answer.text.includes(number)) throw new Error(`birth refused: ${answer.text}`);
      known.add(number);
    },
    count: () => known.size,
    faults: ({ spine }) =>
      failing(known, async (number) => {
        const { text } = await retrieve(inSpace(spine, space), number);
        return text.includes('Fennelmere') && text.includes('132 Gorse Rise');
      }),
  };
}

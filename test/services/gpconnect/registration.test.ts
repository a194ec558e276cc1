/** What is kept of a patient who is registered for a time, and what of one is refused. */
import t from 'tap';
import { startSpine } from '../../helper.ts';
import { call, NHS_NUMBER } from './consumer.ts';

const ADULT = '9996010007';

t.test('register patient', async (t) => {
  const spine = await startSpine(t);
  const register = (changes: object) =>
    call(spine, 'fhir:operation:gpc.registerpatient-1', 'Patient/$gpc.registerpatient', {
      scope: 'patient/*.write',
      ods: 'Z99902',
      resource: {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'registerPatient',
            resource: {
              resourceType: 'Patient',
              identifier: [{ system: NHS_NUMBER, value: ADULT }],
              name: [{ use: 'official', family: 'Fennelmere', given: ['Brisella'] }],
              birthDate: '1989-06-20',
              ...changes,
            },
          },
        ],
      },
    });

  await t.test('faults', async (t) => {
    const cases: [changes: object, code: string][] = [
      [{ identifier: [{ system: NHS_NUMBER, value: { toString: 1 } }] }, 'INVALID_NHS_NUMBER'],
      [{ birthDate: '1989-02-30' }, 'INVALID_RESOURCE'],
      [{ telecom: [{ system: 'phone', value: 1 }] }, 'INVALID_RESOURCE'],
      [{ address: { line: ['1 Example Road'] } }, 'INVALID_RESOURCE'],
      [{ text: { status: 'generated', div: '<div><b></div>' } }, 'INVALID_RESOURCE'],
    ];
    for (const [changes, code] of cases) t.equal((await register(changes)).code, code, JSON.stringify(changes));
  });

  await t.test('contact details that were sent stand beside those of PDS', async (t) => {
    const telecom = [{ system: 'phone', value: '01632960111', use: 'temp' }];
    const address = [{ use: 'temp', line: ['1 Example Road'], city: 'Exampletown', postalCode: 'ZZ99 3WZ' }];
    const { status, json } = await register({ telecom, address });
    t.equal(status, 200);
    const found = await call(spine, 'fhir:rest:search:patient-1', `Patient?identifier=${NHS_NUMBER}|${ADULT}`, {
      ods: 'Z99902',
    });
    for (const { resource } of [json.entry[0], found.json.entry[0]]) {
      t.same(resource.telecom.at(-1), telecom[0]);
      t.same(resource.address.at(-1), address[0]);
      t.ok(resource.address.length > 1, 'those of PDS too');
    }
    const home = await call(spine, 'fhir:rest:search:patient-1', `Patient?identifier=${NHS_NUMBER}|${ADULT}`);
    t.notOk(home.text.includes('01632960111'), "they are that practice's own");
  });
});

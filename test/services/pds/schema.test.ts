import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { retrievalQuery } from '../messaging/requests.ts';
import {
  CONFIRMATION_63,
  CROSS_CHECK_63,
  MATCH_42,
  MATCH_63,
  RECORD_42,
  RECORD_63,
  RECORD_72,
  WRAPPER,
} from './schema/mim.ts';
import { ask, NHS_NUMBER, type Reply } from './tools.ts';

const item = (name: string, value: string) => `<${name}><semanticsText>${name}</semanticsText>${value}</${name}>`;

/** Every fault of a reply, the wrapper's first. */
function faults(reply: Reply, schema: { faults(element: Reply['message']): string[] }): string[] {
  return [
    ...WRAPPER(reply.interaction, false).faults(reply.message),
    ...(reply.subject ? schema.faults(reply.subject) : []),
  ];
}

async function everybody(spine: Spine) {
  const patients = await spine.environment.core.spaces.default.world.patients.list();
  // Of the 55 who differ by house number, two will do.
  return patients.filter(({ nhsNumber }) => !nhsNumber.startsWith('999609') || nhsNumber < '9996090020');
}

t.test('answers to queries are as the public message schemas have them', async (t) => {
  const spine = await startSpine(t);
  const patients = await everybody(spine);
  t.ok(patients.length > 40);

  for (const [interaction, schema] of [
    ['QUPA_IN000008UK02', RECORD_63],
    ['QUPA_IN000008UK05', RECORD_72],
    ['QUPA_IN040000UK32', RECORD_42],
  ] as const) {
    t.test(`${interaction} for every patient, with and without history`, async (t) => {
      for (const { nhsNumber } of patients) {
        for (const historic of ['0', '1']) {
          const reply = await ask(spine, { interaction, act: retrievalQuery(nhsNumber, { historic }) });
          t.strictSame(faults(reply, schema), [], `${nhsNumber}, history ${historic}`);
        }
      }
      const scn = await ask(spine, { interaction, act: retrievalQuery(patients[0]!.nhsNumber, { item: null }) });
      t.strictSame(faults(scn, schema), []);
      t.ok(scn.subject);
    });
  }

  for (const [interaction, schema] of [
    ['QUPA_IN000016UK02', CONFIRMATION_63],
    ['QUPA_IN000014UK01', CROSS_CHECK_63],
  ] as const) {
    t.test(`${interaction} for every patient`, async (t) => {
      let found = 0;
      for (const { nhsNumber, dateOfBirth = '1950' } of patients) {
        const birth = interaction.includes('14') ? item('person.birthTime', `<value value="${dateOfBirth}"/>`) : '';
        const id = item('person.id', `<value root="${NHS_NUMBER}" extension="${nhsNumber}"/>`);
        const reply = await ask(spine, { interaction, act: `<query>${birth}${id}</query>` });
        if (reply.subject) found++;
        t.strictSame(faults(reply, schema), [], nhsNumber);
      }
      t.ok(found > 30, `${found} of ${patients.length} were found`);
    });
  }

  for (const [interaction, schema] of [
    ['QUPA_IN000005UK01', MATCH_63],
    ['QUPA_IN010000UK32', MATCH_42],
  ] as const) {
    t.test(`${interaction} for every patient`, async (t) => {
      let found = 0;
      for (const patient of patients) {
        const { family, given } = patient.names[0]!;
        const act = `<query>${item('person.administrativeGenderCode', `<value code="${patient.gender}"/>`)}
${item('person.birthTime', `<value value="${patient.dateOfBirth?.slice(0, 8)}"/>`)}
${item('person.name', `<value use="L">${given.map((part) => `<given>${part}</given>`).join('')}<family>${family}</family></value>`)}</query>`;
        const reply = await ask(spine, { interaction, act });
        if (reply.subject) found++;
        t.strictSame(faults(reply, schema), [], patient.nhsNumber);
      }
      t.ok(found > 30, `${found} of ${patients.length} were found`);
    });
  }
});

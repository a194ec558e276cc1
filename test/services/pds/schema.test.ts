import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { retrievalQuery } from '../messaging/requests.ts';
import {
  CONFIRMATION_42,
  CONFIRMATION_63,
  CONFIRMATION_72,
  CROSS_CHECK_63,
  MATCH_42,
  MATCH_63,
  RECORD_42,
  RECORD_42_WHOLE,
  RECORD_63,
  RECORD_72,
  WRAPPER,
} from './schema/mim.ts';
import { ask, NHS_NUMBER, objectId, provision, type Reply, type Update, updateRequest } from './tools.ts';

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

t.test('records of MIM 4.2 are shown whole on demand, and stop-noted ones like sensitive ones', async (t) => {
  const spine = await startSpine(t, { pds: { mim42Record: 'whole', stopNoted: 'redacted' } });
  const interaction = 'QUPA_IN040000UK32';
  const seen = new Set<string>();
  for (const { nhsNumber } of await everybody(spine)) {
    const reply = await ask(spine, { interaction, act: retrievalQuery(nhsNumber, { historic: '1' }) });
    t.strictSame(faults(reply, RECORD_42_WHOLE), [], nhsNumber);
    const names =
      'scopedRelatedPersonRole consent preferredContactMethod replacementOf languageCommunication birthplace';
    for (const name of names.split(' ')) if (reply.subject?.find(name)) seen.add(name);
  }
  t.equal(seen.size, 6, [...seen].join());
  for (const nhsNumber of ['9996130002', '9996140008', '9996150003']) {
    const { reasons, subject } = await ask(spine, { interaction, act: retrievalQuery(nhsNumber) });
    t.match(reasons[0], /^9 /, nhsNumber);
    t.notOk(subject!.find('addr') ?? subject!.find('consent') ?? subject!.find('scopedRelatedPersonRole'), nhsNumber);
  }
});

t.test('what updates made of a record is shown as the schemas have it, by every service', async (t) => {
  const spine = await startSpine(t, { pds: { mim42Record: 'whole' } });
  const nhsNumber = '9996020002';
  const { patients } = spine.environment.core.spaces.default.world;
  const record = async () => (await patients.get(nhsNumber))!;
  const live = <Item extends { recordedTo?: string; use?: string }>(items: readonly Item[], use: string) =>
    items.find((one) => one.use === use && one.recordedTo === undefined)! as Item & { objectId: string };
  const LINES = ['', '2 Gorse Lane', '', 'Mockham', ''].map((line) => `<streetAddressLine>${line}</streetAddressLine>`);
  const addr = (use: string, mode: string, inner: string) => `<addr use="${use}" updateMode="${mode}">${inner}</addr>`;
  const home = `${LINES.join('')}<postalCode>ZZ99 3WZ</postalCode>`;
  const named = (use: string, mode: string, inner: string) => `<name use="${use}" updateMode="${mode}">${inner}</name>`;
  const fact = (slot: number, name: string, code: string, inner: string, mode = 'altered') =>
    `<subjectOf${slot} typeCode="SBJ"><${name} classCode="OBS" moodCode="EVN" updateMode="${mode}"><code code="${code}"/>${inner}</${name}></subjectOf${slot}>`;
  const kin = (inner: string) =>
    `<scopedRelatedPersonRole classCode="AGNT" updateMode="added"><code code="21"/>${addr('H', 'added', home)}<positionNumber value="2"/><player><name use="L"><family>Kin</family></name></player>${inner}</scopedRelatedPersonRole>`;
  const chain: ((now: Awaited<ReturnType<typeof record>>) => Update)[] = [
    ({ addresses }) => ({ before: addr('H', 'altered', home + objectId(live(addresses, 'H').objectId)) }),
    ({ addresses }) => ({ before: addr('TMP', 'removed', objectId(live(addresses, 'TMP').objectId)) }),
    ({ names }) => ({
      person: named('L', 'altered', `<family>Onlyname</family>${objectId(live(names, 'L').objectId)}`),
    }),
    ({ names }) => ({ person: named('PREFERRED', 'removed', objectId(live(names, 'PREFERRED').objectId)) }),
    () => ({ person: named('PREVIOUS-BIRTH', 'added', '<given>A</given><family>Bee</family><suffix>II</suffix>') }),
    ({ telecoms }) => ({
      before: `<telecom use="EC" updateMode="removed">${objectId(live(telecoms, 'EC').objectId)}</telecom><telecom use="AS" updateMode="added" value="tel:01632960999"/>`,
    }),
    ({ gp }) => ({ person: provision('1', 'Z99902', 'altered', { id: gp!.objectId, from: '20260201' }) }),
    ({ pharmacies }) => ({
      person: provision('P1', 'ZFA90', 'altered', { id: pharmacies!.find(({ type }) => type === 'P1')!.objectId }),
    }),
    () => ({
      person:
        '<administrativeGenderCode code="1" updateMode="altered"/><birthTime value="197203040415" updateMode="altered"/>',
    }),
    () => ({
      person: '<languageCommunication updateMode="removed"/><multipleBirthOrderNumber value="7" updateMode="altered"/>',
    }),
    () => ({
      person:
        '<birthplace classCode="BIRTHPL"><addr updateMode="altered"><country><code code="FRA"/></country></addr></birthplace>',
    }),
    () => ({
      person: kin(
        '<subjectOf3 typeCode="SBJ"><callCentreCallBackConsent><code code="6"/><value code="5"/></callCentreCallBackConsent></subjectOf3>',
      ),
    }),
    ({ related }) => ({
      person: `<scopedRelatedPersonRole classCode="PRS" updateMode="removed"><code code="03"/>${objectId(related!.find(({ order }) => order === 1)!.objectId)}</scopedRelatedPersonRole>`,
    }),
    () => ({
      after: fact(1, 'consent', '6', '', 'removed') + fact(2, 'preferredContactMethod', '9', '<value code="8"/>'),
    }),
    () => ({
      after:
        fact(3, 'healthspaceRegistration', '8', '<value code="1"/>') +
        fact(5, 'sharedSecret', '15', '<value>a &lt; b</value>'),
    }),
    () => ({
      author:
        '<author typeCode="AUT"><registeringAuthority classCode="ASSIGNED"><code code="x"/><id root="2.16.840.1.113883.2.1.4.3" extension="Z99901"/></registeringAuthority></author>',
      person: '<deceasedTime value="202602011230" updateMode="added"/>',
      after: fact(7, 'deathNotification', '3', '<value code="1"/>', 'added'),
    }),
  ];
  for (const [step, change] of chain.entries()) {
    const now = await record();
    const act = updateRequest(nhsNumber, now.scn, change(now));
    const { typeCode, reasons } = await ask(spine, { service: 'pds', interaction: 'PRPA_IN000203UK03', act });
    t.equal(typeCode, 'AA', `${step}: ${reasons}`);
    for (const [interaction, schema] of [
      ['QUPA_IN000008UK02', RECORD_63],
      ['QUPA_IN000008UK05', RECORD_72],
      ['QUPA_IN040000UK32', RECORD_42_WHOLE],
    ] as const) {
      for (const historic of ['0', '1']) {
        const reply = await ask(spine, { interaction, act: retrievalQuery(nhsNumber, { historic }) });
        t.strictSame(faults(reply, schema), [], `${step} in ${interaction}, history ${historic}`);
      }
    }
    const birth = item('person.birthTime', '<value value="19720304"/>');
    const number = item('person.id', `<value root="${NHS_NUMBER}" extension="${nhsNumber}"/>`);
    const checked = await ask(spine, { interaction: 'QUPA_IN000014UK01', act: `<query>${birth}${number}</query>` });
    t.strictSame(faults(checked, CROSS_CHECK_63), [], `${step} verified`);
    t.ok(checked.subject);
  }
});

t.test('answers to queries are as the public message schemas have them', async (t) => {
  const spine = await startSpine(t);
  const patients = await everybody(spine);
  t.ok(patients.length > 40);

  t.test('the description sees what is wrong', async (t) => {
    const { message, subject, text } = await ask(spine, {
      interaction: 'QUPA_IN000008UK02',
      act: retrievalQuery('9996020002'),
    });
    t.strictSame(RECORD_63.faults(subject!), []);
    const spoilt: [what: string, from: RegExp | string, to: string][] = [
      ['order', /(<administrativeGenderCode[^>]*>)(<birthTime[^>]*>)/, '$2$1'],
      ['a missing element', /<birthTime[^>]*>(?=.*)/, '<birthTime/>'],
      ['a date', /<birthTime value="\d+"/, '<birthTime value="1972-03-04"'],
      ['a strange attribute', '<birthTime ', '<birthTime strange="1" '],
      ['four lines', '<streetAddressLine/>', ''],
      ['a code system', '17.37"', '17.36"'],
      ['a class', 'classCode="PCPR"', 'classCode="ACT"'],
      ['a strange element', '<replacementOf', '<replaced/><replacementOf'],
      ['twice', /(<languageCommunication>.*?<\/languageCommunication>)/, '$1$1'],
    ];
    const body = /<PDSResponse.*<\/PDSResponse>/s.exec(text)![0];
    for (const [what, from, to] of spoilt) {
      const changed = body.replace(from, to);
      if (changed === body) continue;
      const root = parseXml(`<x xmlns="urn:hl7-org:v3">${changed}</x>`).children()[0]!;
      t.ok(RECORD_63.faults(root).length > 0, what);
    }
    t.ok(WRAPPER('QUPA_IN000009UK06', false).faults(message).length > 0, 'another message');
  });

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
    ['QUPA_IN000016UK04', CONFIRMATION_72],
    ['QUPA_IN060000UK30', CONFIRMATION_42],
    ['QUPA_IN000014UK01', CROSS_CHECK_63],
  ] as const) {
    t.test(`${interaction} for every patient`, async (t) => {
      let found = 0;
      for (const { nhsNumber, dateOfBirth = '1950' } of patients) {
        const birth =
          interaction === 'QUPA_IN000014UK01' ? item('person.birthTime', `<value value="${dateOfBirth}"/>`) : '';
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

/** Updates by registration authorities, as PRPA_MT000208UK03 (MIM 6.3) and PRPA_MT000208UK06 (7.2) have them. */
import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { CLIENT, retrievalQuery } from '../messaging/requests.ts';
import { registration as allocation, authority as registering } from './registration.ts';
import { RECORD_63, RECORD_72 } from './schema/mim.ts';
import { ask, provision, type Update, updateRequest } from './tools.ts';

const DEAD = '9996110001';
const FULL = '9996020002';
const PLAIN = '9996010007';
const OLDER = 'PRPA_IN000204UK03';
const NEWER = 'PRPA_IN000204UK06';

const stored = async ({ environment }: Spine, nhsNumber: string) =>
  (await environment.core.spaces.default.world.patients.get(nhsNumber))!;

async function start(test: Parameters<typeof startSpine>[0]): Promise<Spine> {
  const spine = await startSpine(test);
  const { world } = spine.environment.core.spaces.default;
  const system = structuredClone(world.systems.get(CLIENT)!);
  system.interactions.push(...[OLDER, NEWER].map((name) => `urn:nhs:names:services:pds:${name}`));
  await world.put('systems', system);
  return spine;
}

async function update(spine: Spine, interaction: string, nhsNumber: string, change: Update) {
  const { scn } = await stored(spine, nhsNumber);
  const root = interaction === OLDER ? 'PdsNhaisUpdateRequest' : 'PdsUpdateRequest';
  return ask(spine, { service: 'pds', interaction, act: updateRequest(nhsNumber, scn, { root, ...change }) });
}

async function steps(spine: Spine): Promise<string[]> {
  const { body } = await spine.admin('GET', '/api/journal?limit=1');
  const entry = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
  return entry.body.steps.map(({ detail }: { detail?: string }) => detail);
}

const event = (slot: number, name: string, code: string, mode: string, inner = '') =>
  `<subjectOf${slot} typeCode="SBJ"><${name} classCode="REG" moodCode="EVN" updateMode="${mode}">${code && `<code code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.165"/>`}${inner}</${name}></subjectOf${slot}>`;
const registration = (mode: string, inner = '', code = '01') => event(2, 'nHAISRegistrationEvent', code, mode, inner);
const removal = (mode: string, inner = '', code = '02') => event(3, 'nHAISRemovalRegistrationEvent', code, mode, inner);
const FROM = '<effectiveTime><low value="20260301"/></effectiveTime>';
const REASON = '<reasonCode code="EMB" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.168"/>';
const CUSTODIAN =
  '<custodian typeCode="CST"><assignedDevice classCode="ASSIGNED"><id root="1.2.826.0.1285.0.1.10" extension="Z99"/></assignedDevice></custodian>';
const death = (slot: number, mode: string, status = '', more = '') =>
  `<subjectOf${slot} typeCode="SBJ"><deathNotification classCode="OBS" moodCode="EVN" updateMode="${mode}"><code code="3" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/>${status && `<value code="${status}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.5"/>`}${more}</deathNotification></subjectOf${slot}>`;
const authority = (inner: string) =>
  `<registeringAuthority classCode="ASSIGNED"><code code="y" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.20"/><id root="2.16.840.1.113883.2.1.4.3" extension="Z99"/>${inner}</registeringAuthority>`;
const PERSON =
  '<assignedRegisteringOrganization classCode="ORG" determinerCode="INSTANCE"><scopedAssignedPerson classCode="ASSIGNED"><id root="1.2.826.0.1285.0.2.0.65" extension="1"/></scopedAssignedPerson></assignedRegisteringOrganization>';
const author = (inner = PERSON) => `<author typeCode="AUT">${authority(inner)}</author>`;
const EVENT = 'patientCareProvisionEvent';

t.test('MIM 6.3: what stands in its slot is done, and nothing else', async (t) => {
  const spine = await start(t);
  const before = await stored(spine, PLAIN);
  const reply = await update(spine, OLDER, PLAIN, {
    before: `<telecom use="MC" value="tel:07700900123"/>`.replace('use', 'updateMode="added" use'),
    person: provision('1', 'Z99903', 'altered', { id: before.gp!.objectId, name: 'patientCareProvision' }),
    after:
      registration('added', FROM + CUSTODIAN) +
      event(9, 'nHAISRemovalRegistrationEvent', '02', 'added', FROM + REASON) +
      '<subjectOf1 typeCode="SBJ"><consent classCode="OBS" moodCode="EVN" updateMode="added"><code code="4"/></consent></subjectOf1>',
  });
  t.match(reply, { interaction: 'PRPA_IN000209UK01', typeCode: 'AA' }, reply.reasons.join());
  const after = await stored(spine, PLAIN);
  t.strictSame({ gp: after.gp, consents: after.consents }, { gp: before.gp, consents: before.consents });
  t.equal(after.removalReason, undefined);
  const told = (await steps(spine)).join('\n');
  t.match(told, 'the care provision of this message is patientCareProvisionEvent: patientCareProvision is passed over');
  t.match(told, 'nHAISRemovalRegistrationEvent is looked for in subjectOf3, not in subjectOf9');
  t.match(told, 'PdsNhaisUpdateRequest has no consent in this message: it is passed over');
});

t.test('MIM 6.3: what Spine checks, by its own names', async (t) => {
  const spine = await start(t);
  const cases: [Update, RegExp][] = [
    [{ after: registration('added', FROM) }, /^MANDATORY_FIELD_MISSING .*nHAISRegistrationEvent.custodian/],
    [
      { after: registration('added', FROM + CUSTODIAN.replace(/ extension="Z99"/, '')) },
      /^MANDATORY_FIELD_MISSING .*nHAISRegistrationEvent.custodian/,
    ],
    [{ after: registration('added', CUSTODIAN) }, /^MANDATORY_FIELD_MISSING .*nHAISRegistrationEvent.effectiveTime/],
    [{ after: registration('added', FROM + CUSTODIAN, '') }, /^MANDATORY_FIELD_MISSING .*nHAISRegistrationEvent.code/],
    [{ after: registration('removed', CUSTODIAN) }, /^UNEXPECTED_DATA_IN_NHAIS_REG_EVENT /],
    [{ after: removal('added', FROM) }, /^MANDATORY_FIELD_MISSING .*nHAISRemovalRegistrationEvent.reasonCode/],
    [{ after: removal('added', REASON) }, /^MANDATORY_FIELD_MISSING .*nHAISRemovalRegistrationEvent.effectiveTime/],
    [{ after: removal('added', FROM + REASON, '') }, /^MANDATORY_FIELD_MISSING .*nHAISRemovalRegistrationEvent.code/],
    [{ after: removal('removed', FROM) }, /^UNEXPECTED_DATA_IN_NHAIS_REMOVAL_REG_EVENT /],
    [{ person: provision('P1', 'Z99901', 'added', { name: EVENT }) }, /^UNSUPPORTED_PATIENT_CARE .*not of P1/],
    [{ person: provision('1', 'Z99901', 'removed', { name: EVENT }) }, /^UID_MUST_BE_PROVIDED /],
    [{ author: author() }, /^INVALID_AUTHOR_SPECIFICATION /],
    [{ person: '<deceasedTime value="20260103" updateMode="added"/>' }, /^INCONSISTENT_DEATH_UPDATE /],
    [
      { person: '<deceasedTime value="20260103" updateMode="added"/>', after: death(1, 'added', '1') },
      /^AUTHOR_UNSPECIFIED_ON_DEATH /,
    ],
    [
      {
        person: '<deceasedTime value="20260103" updateMode="added"/>',
        after: death(1, 'added', '1'),
        author: author(''),
      },
      /^MANDATORY_FIELD_MISSING_SUPP_INFO .*registeringAuthority.assignedRegisteringOrganization.scopedAssignedPerson.id/,
    ],
    [
      { person: '<deceasedTime value="20260103" updateMode="removed"/>', after: death(1, 'removed') },
      /^DECEASED_TIME_CHANGED_ON_REMOVAL /,
    ],
    [
      { person: '<deceasedTime updateMode="removed"/>', after: death(1, 'removed'), author: author() },
      /^AUTHOR_CHANGED_ON_REMOVAL /,
    ],
    [
      { person: '<deceasedTime updateMode="removed"/>', after: death(1, 'altered', '1'), author: author() },
      /^DEATH_UPDATE_MODE_INCONSISTENT /,
    ],
    [{ person: '<deceasedTime updateMode="removed"/>', after: death(1, 'removed') }, /no death that could be removed/],
    [{ root: 'PdsUpdateRequest' }, /^MANDATORY_FIELD_MISSING_SUPP_INFO .*PdsNhaisUpdateRequest/],
  ];
  for (const [change, expected] of cases) {
    const reply = await update(spine, OLDER, PLAIN, change);
    t.match(reply.reasons[1] ?? reply.typeCode, expected, `${expected}`);
  }
});

t.test('a registration authority tells of a death and takes it back, formal or not', async (t) => {
  const spine = await start(t);
  const told = await update(spine, OLDER, PLAIN, {
    author: author(),
    person: '<deceasedTime value="20260103" updateMode="added"/>',
    after: death(1, 'added', '1'),
  });
  t.equal(told.typeCode, 'AA', told.reasons.join());
  t.match(await stored(spine, PLAIN), { dateOfDeath: '20260103', deathStatus: '1' });
  for (const nhsNumber of [PLAIN, DEAD]) {
    const back = await update(spine, OLDER, nhsNumber, {
      person: '<deceasedTime updateMode="removed"/>',
      after: death(1, 'removed'),
    });
    t.equal(back.typeCode, 'AA', back.reasons.join());
    t.match(await stored(spine, nhsNumber), { dateOfDeath: undefined, deathStatus: undefined });
  }
});

t.test('MIM 7.2 is a general update with registration and removal in it', async (t) => {
  const spine = await start(t);
  const removed = await update(spine, NEWER, FULL, {
    after: event(8, 'pCRemovalRegistrationEvent', '04', 'added', FROM + REASON),
  });
  t.match(removed, { interaction: 'PRPA_IN000209UK02', typeCode: 'AA' }, removed.reasons.join());
  t.match(await stored(spine, FULL), { gp: undefined, removalReason: 'EMB', removalDate: '2026-03-01' });
  const back = await update(spine, NEWER, FULL, {
    before: '<telecom use="MC" value="tel:07700900199" updateMode="added"/>',
    person: provision('1', 'Z99901', 'added', { from: '20260401' }),
    after:
      event(6, 'nHAISRegistrationEvent', '01', 'added', FROM + CUSTODIAN) +
      event(8, 'pCRemovalRegistrationEvent', '04', 'removed', REASON),
  });
  t.equal(back.typeCode, 'AA', back.reasons.join());
  const now = await stored(spine, FULL);
  t.match(now, { gp: { ods: 'Z99901' }, removalReason: undefined });
  t.ok(now.telecoms.some(({ value }) => value === 'tel:07700900199'));
  const pharmacy = now.pharmacies?.find(({ type }) => type === 'P2')?.objectId;
  const nominated = await update(spine, NEWER, FULL, {
    person: provision('P2', 'FZZ02', pharmacy ? 'altered' : 'added', { id: pharmacy ?? '' }),
  });
  t.equal(nominated.typeCode, 'AA', nominated.reasons.join());
  const part = (name: string, inner: string) =>
    `<${name} classCode="PART" updateMode="added"><partPerson classCode="PSN" determinerCode="INSTANCE">${inner}</partPerson></${name}>`;
  const person = part('COCT_MT000211UK01.PartDeceasedTime', '<deceasedTime value="20260405"/>');
  const alone = await update(spine, NEWER, FULL, { person, after: death(7, 'added', '1') });
  t.match(alone.reasons[1], /^AUTHOR_UNSPECIFIED_ON_DEATH /);
  const responsible = `<responsibleParty typeCode="RESP">${authority(PERSON)}</responsibleParty>`;
  const died = await update(spine, NEWER, FULL, { person, after: death(7, 'added', '1', responsible) });
  t.equal(died.typeCode, 'AA', died.reasons.join());
  const other = await update(spine, NEWER, FULL, { root: 'PdsNhaisUpdateRequest' });
  t.match(other.reasons[1], /^MANDATORY_FIELD_MISSING_SUPP_INFO .*PdsUpdateRequest/);
});

t.test('a registration event is kept, and a retrieval shows it until it is taken back', async (t) => {
  const spine = await start(t);
  const shown = async (interaction: string, nhsNumber: string) => {
    const { subject } = await ask(spine, { interaction, act: retrievalQuery(nhsNumber) });
    t.strictSame((interaction === 'QUPA_IN000008UK02' ? RECORD_63 : RECORD_72).faults(subject!), []);
    const found = subject!.descend('subject/patientRole/subjectOf7/nHAISRegistrationEvent');
    const id = found?.descend('custodian/assignedDevice/id');
    const from = found?.descend('effectiveTime/low')?.attr('value');
    return found && [found.child('code')?.attr('code'), id?.attr('root'), id?.attr('extension'), from];
  };
  const everywhere = async (nhsNumber: string) =>
    [await shown('QUPA_IN000008UK02', nhsNumber), await shown('QUPA_IN000008UK05', nhsNumber)] as const;
  t.strictSame(await everywhere(PLAIN), [undefined, undefined]);
  const told = await update(spine, OLDER, PLAIN, { after: registration('added', FROM + CUSTODIAN) });
  t.equal(told.typeCode, 'AA', told.reasons.join());
  const event = ['01', '1.2.826.0.1285.0.1.10', 'Z99', '20260301'];
  t.strictSame(await everywhere(PLAIN), [event, event]);
  await update(spine, NEWER, PLAIN, {
    after: registration('altered', FROM + CUSTODIAN.replace('Z99', 'Z98')).replaceAll('subjectOf2', 'subjectOf6'),
  });
  const other = event.with(2, 'Z98');
  t.strictSame(await everywhere(PLAIN), [other, other]);
  const gone = await update(spine, OLDER, PLAIN, { after: registration('removed') });
  t.equal(gone.typeCode, 'AA', gone.reasons.join());
  t.strictSame(await everywhere(PLAIN), [undefined, undefined]);
});

t.test('an allocation by NHAIS brings its registration event with it', async (t) => {
  const spine = await start(t);
  const facts = registration('added', FROM + CUSTODIAN).replaceAll('subjectOf2', 'subjectOf1');
  const request = (extra: string, family: string) =>
    ask(spine, {
      service: 'pds',
      interaction: 'PRPA_IN000200UK03',
      act: allocation({ family, author: registering('y', PERSON), facts: extra }),
    });
  const bare = await request(facts.replace(CUSTODIAN, ''), 'Loamwick');
  t.match(bare.reasons[1], /^MANDATORY_FIELD_MISSING .*nHAISRegistrationEvent.custodian/);
  const { typeCode, subject, reasons } = await request(facts, 'Loamfield');
  t.equal(typeCode, 'AA', reasons.join());
  const nhsNumber = subject!.descend('subject/patientRole/id')!.attr('extension')!;
  t.strictSame((await stored(spine, nhsNumber)).nhaisRegistration, {
    custodian: { root: '1.2.826.0.1285.0.1.10', extension: 'Z99' },
    from: '2026-03-01',
  });
});

t.test('a general update has no registrations, and its practice is no event', async (t) => {
  const spine = await start(t);
  const { gp } = await stored(spine, PLAIN);
  const reply = await update(spine, 'PRPA_IN000203UK03', PLAIN, {
    root: 'PdsUpdateRequest',
    person: provision('1', 'Z99903', 'altered', { id: gp!.objectId, name: EVENT }),
    after: removal('added', FROM + REASON),
  });
  t.equal(reply.typeCode, 'AA', reply.reasons.join());
  t.same((await stored(spine, PLAIN)).gp, gp);
  const told = (await steps(spine)).join('\n');
  t.match(told, 'the care provision of this message is patientCareProvision: patientCareProvisionEvent is passed over');
  t.match(told, 'PdsUpdateRequest has no nHAISRemovalRegistrationEvent in this message: it is passed over');
});

import t from 'tap';
import { Exchange } from '../../../server/core/exchange/exchange.ts';
import { isNhsNumber } from '../../../server/core/hl7/nhsNumber.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { CLIENT, hl7Message, retrievalQuery, SPINE } from '../messaging/requests.ts';
import { startSupplier, supplierTls } from '../messaging/supplier.ts';
import { addr, authority, type Person, practice, registration, represented, responsible } from './registration.ts';
import { BIRTH_NOTIFICATION, DUPLICATES, RECORD_63, REGISTERED, REGISTERED_42, WRAPPER } from './schema/mim.ts';
import { ask, NHS_NUMBER, type Reply } from './tools.ts';

const allocate = (spine: Spine, person: Person = {}, interaction = 'PRPA_IN000200UK03') =>
  ask(spine, { service: 'pds', interaction, act: registration(person) });

const numberOf = (reply: Reply) => reply.subject!.find('patientRole')!.child('id')!.attr('extension')!;

t.test('an NHS number is allocated, and the record is there for all', async (t) => {
  const spine = await startSpine(t);
  const { world } = spine.environment.core.spaces.default;
  const reply = await allocate(spine);
  t.match(
    reply,
    { interaction: 'PRPA_IN000201UK01', typeCode: 'AA', reasons: [], versionCode: '3NPfIT6.3.01' },
    reply.text,
  );
  t.strictSame(WRAPPER('PRPA_IN000201UK01', true).faults(reply.message), []);
  t.strictSame(REGISTERED.faults(reply.subject!), []);
  const nhsNumber = numberOf(reply);
  t.ok(isNhsNumber(nhsNumber) && nhsNumber.startsWith('999'));
  const { subject } = await ask(spine, {
    interaction: 'QUPA_IN000008UK02',
    act: retrievalQuery(nhsNumber, { historic: '1' }),
  });
  t.strictSame(RECORD_63.faults(subject!), []);
  t.equal(subject!.find('assignedEntity')?.child('id')?.attr('extension'), 'Z99901');
  t.equal(subject!.find('sourceSourceIdentified')?.child('value')?.attr('extension'), CLIENT);
  t.match(await world.patients.get(nhsNumber), { scn: 1, dateOfBirth: '20010704', previousNhsContact: '0' });

  const again = await allocate(spine);
  t.match(again, { interaction: 'MCCI_IN010000UK13', typeCode: 'AE' });
  t.match(again.reasons[1], new RegExp(`^SINGLE_MATCH .*${nhsNumber}`));

  const many = await Promise.all(['Ashdale', 'Birchdale', 'Cedardale'].map((family) => allocate(spine, { family })));
  t.equal(new Set(many.map(numberOf)).size, 3, 'at once, and each a number of its own');
  await world.reset();
  t.equal(numberOf(await allocate(spine)), nhsNumber, 'after a reset all begins anew');
});

const CONTACT_7 =
  '<subjectOf5 typeCode="SBJ"><previousNhsContact classCode="OBS" moodCode="EVN"><code code="17"/><value code="7"/></previousNhsContact></subjectOf5>';

t.test('what a request for a number must have, by its name', async (t) => {
  const spine = await startSpine(t);
  const cases: [rule: string, person: Person][] = [
    ['MANDATORY_FIELD_MISSING_SUPP_INFO - gender', { gender: '' }],
    ['MANDATORY_FIELD_MISSING_SUPP_INFO - birthTime', { birth: '' }],
    ['MANDATORY_FIELD_MISSING_SUPP_INFO - author', { author: '' }],
    ['MANDATORY_FIELD_MISSING_SUPP_INFO - previousNHSContact', { contact: '' }],
    ['MANDATORY_FIELD_MISSING_SUPP_INFO - patient.usualName', { name: '<name use="A"><family>X</family></name>' }],
    ['MANDATORY_FIELD_MISSING_SUPP_INFO - patient.address', { addresses: '' }],
    ['ASSIGNED_REG_PERSON_MISSING', { author: authority('y') }],
    [
      'INVALID_ASSIGNED_REGISTERING_PERSON',
      {
        author: authority(
          'x',
          '<assignedRegisteringOrganization><scopedAssignedPerson><id root="1.2" extension="1"/></scopedAssignedPerson></assignedRegisteringOrganization>',
        ),
      },
    ],
    ['MANDATORY_FIELD_MISSING', { author: authority('x', '', '') }],
    ['UNSUPPORTED_HCP_CODE_TYPE', { provision: practice('wrongElement') }],
    ['UNSUPPORTED_HCP_CODE_TYPE', { provision: practice('assignedOrganization') }],
    ['Unexpected business error encountered. - registeringAuthority.code is Q', { author: authority('Q') }],
    ['Unexpected business error encountered. - an address of use PST', { addresses: addr('PST') }],
    ['Unexpected business error encountered. - previousNhsContact is 7', { contact: CONTACT_7 }],
    [
      'Unexpected business error encountered. - the birth order is x',
      { birth: '<birthTime value="20010704"/><multipleBirthOrderNumber value="x"/>' },
    ],
    ['ILLEGAL_DATE_FORMAT', { birth: '<birthTime value="20991231"/>' }],
  ];
  const { patients } = spine.environment.core.spaces.default.world;
  const before = await patients.count();
  for (const [rule, person] of cases) {
    const reply = await allocate(spine, person);
    t.ok(reply.reasons[1]?.includes(` ${rule}`), `${rule}: ${reply.reasons[1]}`);
  }
  t.equal(await patients.count(), before);
});

t.test('the other generations, and a warning', async (t) => {
  const spine = await startSpine(t);
  const older = await allocate(
    spine,
    { family: 'Olderby', author: represented(), provision: responsible() },
    'PRPA_IN040000UK30',
  );
  t.match(older, { interaction: 'PRPA_IN060000UK30', typeCode: 'AA', versionCode: 'V3NPfIT4.2.00' }, older.text);
  t.strictSame(REGISTERED_42.faults(older.subject!), []);
  const newer = await allocate(spine, { family: 'Newerby', provision: '' }, 'PRPA_IN000200UK04');
  t.match(newer, { interaction: 'PRPA_IN000201UK01', typeCode: 'AA', versionCode: '3NPfIT7.2.00' }, newer.text);
  t.equal(newer.reasons.length, 1);
  t.match(
    newer.text,
    /<qualifier><value code="WG" codeSystem="2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.17\.104"\/><\/qualifier>/,
  );
});

const SECRET_CODE = '<code code="15" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/>';
const fact = (slot: number, name: string, inner: string) =>
  `<subjectOf${slot} typeCode="SBJ"><${name} classCode="OBS" moodCode="EVN">${inner}</${name}></subjectOf${slot}>`;
const PREFERENCES =
  fact(
    2,
    'preferredContactMethod',
    '<code code="9" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value code="4" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.16"/><pertinentInformation typeCode="PERT"><pertinentPreferredContactTimes classCode="OBS" moodCode="EVN"><code code="10" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value>after six</value></pertinentPreferredContactTimes></pertinentInformation>',
  ) +
  fact(
    3,
    'preferredWrittenCommunicationFormat',
    '<code code="13" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value code="12" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.17"/>',
  ) +
  fact(4, 'sharedSecret', `${SECRET_CODE}<value>plum jam</value>`);
const language = (code: string) =>
  `<name use="L"><given>Caspian</given><family>Wrenbury</family></name><languageCommunication><languageCode code="${code}"/><proficiencyLevelCode code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.39"/></languageCommunication>`;

t.test('a registration brings language, preferences and secret, and the time of birth to the minute', async (t) => {
  const spine = await startSpine(t);
  const reply = await allocate(spine, {
    name: language('cy'),
    facts: PREFERENCES,
    birth: '<birthTime value="20010704061530"/>',
    addresses: addr().replace('</postalCode>', '</postalCode><addressKey>0</addressKey>'),
  });
  t.equal(reply.typeCode, 'AA', reply.reasons.join());
  t.match(reply.reasons.join(), /INVALID_VALUE - 0 address\.addressKey/);
  const { world } = spine.environment.core.spaces.default;
  t.match(await world.patients.get(numberOf(reply)), {
    language: 'cy',
    contactPreferences: { interpreter: true, method: '4', times: 'after six', writtenFormat: '12' },
    sharedSecret: 'plum jam',
    dateOfBirth: '200107040615',
    addresses: [{ pafKey: undefined }],
  });
});

t.test('what each generation checks of a registration', async (t) => {
  const spine = await startSpine(t);
  const person =
    '<assignedRegisteringPerson classCode="ASSIGNED"><id root="1.2.826.0.1285.0.2.0.65" extension="1"/></assignedRegisteringPerson>';
  const event = `<nHAISRegistrationEvent classCode="REG" moodCode="EVN"/>`;
  const moved = PREFERENCES.replaceAll('subjectOf4', 'subjectOf9');
  const contact = registration().match(/<subjectOf5.*?<\/subjectOf5>/)![0];
  const older = { author: represented(), provision: responsible() };
  const [newer, old] = ['PRPA_IN000200UK03', 'PRPA_IN040000UK30'];
  const cases: [interaction: string, person: Person, expected: RegExp][] = [
    [newer, { contact: contact + contact }, /previousNHSContact/],
    [newer, { contact: contact.replaceAll('subjectOf5', 'subjectOf8') }, /previousNHSContact/],
    [newer, { facts: fact(4, 'sharedSecret', '<value>x</value>') }, /MISSING_CODE_FROM_SHARED_SECRET/],
    [newer, { facts: fact(4, 'sharedSecret', SECRET_CODE) }, /MISSING_VALUE_FROM_SHARED_SECRET/],
    [newer, { provision: practice().replace('17.37', '17.38') }, /UNSUPPORTED_PATIENT_CARE .*17\.38/],
    [newer, { facts: `<subjectOf1 typeCode="SBJ">${event}</subjectOf1>` }, /nhaisRegistrationEvent/],
    [newer, { name: language('en') }, /never English/],
    [newer, { gender: '<administrativeGenderCode code="7"/>' }, /GE002 .*the gender is 7/],
    [newer, { gender: '<administrativeGenderCode code="1"/><administrativeGenderCode code="2"/>' }, / - gender/],
    [newer, { birth: '<birthTime value="20010704"/><birthTime value="20010705"/>' }, / - birthTime/],
    [newer, { author: authority() + authority() }, / - author/],
    [newer, { provision: practice() + practice() }, /two care provisions of the code 1: send one/],
    [newer, { addresses: addr() + addr() }, /the address of use H already: send one/],
    [newer, { author: authority().replace(/<id [^>]*>/, '$&$&') }, /MANDATORY_FIELD_MISSING - registeringAuthority.id/],
    [old, { ...older, author: authority() }, /registeringAuthority.representedRegisteringOrganization/],
    [old, { ...older, author: represented('y') }, /ASSIGNED_REG_PERSON_MISSING/],
    [old, { ...older, provision: practice() }, /UNSUPPORTED_HCP_CODE_TYPE|performer/],
  ];
  for (const [interaction, change, expected] of cases) {
    const reply = await allocate(spine, change, interaction);
    t.match(reply.reasons[1] ?? reply.typeCode, expected, `${interaction} ${expected}`);
  }
  const warned = await allocate(spine, { ...older, author: represented('x', person), facts: moved }, old);
  t.equal(warned.typeCode, 'AA', warned.reasons.join());
  t.match(warned.reasons.join(), /INVALID_ASSIGNED_REGISTERING_PERSON/);
  const { body } = await spine.admin('GET', '/api/journal?limit=1');
  const { steps } = (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
  const told = JSON.stringify(steps);
  t.match(told, 'sharedSecret is looked for in subjectOf4, not in subjectOf9');
  t.match(told, 'warned of INVALID_ASSIGNED_REGISTERING_PERSON');
  t.notMatch(told, 'the directory has no organisation');
  const strange = await allocate(spine, { family: 'Elsewhere', provision: practice().replaceAll('Z99901', 'Z00000') });
  t.equal(strange.typeCode, 'AA', strange.reasons.join());
  const { body: list } = await spine.admin('GET', '/api/journal?limit=1');
  const entry = await spine.admin('GET', `/api/journal/${list.entries[0].id}`);
  t.match(JSON.stringify(entry.body.steps), 'the directory has no organisation Z00000');
});

interface Baby {
  family?: string;
  birth?: string;
  weight?: string;
  order?: string;
  ignore?: string;
  ethnic?: string;
  mother?: string;
  addresses?: string;
  foetuses?: string;
  weeks?: string;
  name?: string;
  death?: [time: string, notification: string];
  /** ODS code of the mother's practice. */
  practice?: string;
  /** ODS code of the child health department. */
  recipient?: string;
  notifier?: string;
}

const NOTIFIER =
  '<author typeCode="AUT"><notifier classCode="ASSIGNED"><assignedNotifierPerson classCode="PSN" determinerCode="INSTANCE"><name><given>Tansy</given><family>Brackwater</family></name></assignedNotifierPerson></notifier></author>';

/** MIM 7.2 has gender, birth and death as parts, and another word for who cares for the mother. */
function inParts(event: string): string {
  const part = (type: string, name: string) => (fact: string) =>
    `<COCT_MT0002${type}UK01.${name} classCode="PART"><partPerson classCode="PSN" determinerCode="INSTANCE">${fact}</partPerson></COCT_MT0002${type}UK01.${name}>`;
  const [before, person, after] = event.split(/(<patientPerson .*?<\/patientPerson>)/s) as [string, string, string];
  return (
    before.replaceAll('primaryCareProvider', 'assignedOrganization') +
    person
      .replace(/<administrativeGenderCode [^>]*>/, part('09', 'PartAdminGenderCode'))
      .replace(/<birthTime [^>]*>/, part('10', 'PartBirthTime'))
      .replace(/<deceasedTime [^>]*>/, part('11', 'PartDeceasedTime')) +
    after
  );
}

function birthEvent(baby: Baby = {}): string {
  const { family = 'Umberquill', birth = '202602280415', weight = '3420', order = '1', ignore = 'false' } = baby;
  const { ethnic = 'A', mother = '9996440001', addresses = addr(), foetuses = '1', weeks = '39', death } = baby;
  const { practice: motherGp = 'Z99903', recipient = 'Z98', notifier = NOTIFIER } = baby;
  const mothersGp =
    motherGp === ''
      ? ''
      : `<subjectOf typeCode="SBJ"><primaryCareProvision classCode="PCPR" moodCode="EVN"><code code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.37"/><performer typeCode="PRF"><primaryCareProvider classCode="PROV"><id root="2.16.840.1.113883.2.1.4.3" extension="${motherGp}"/></primaryCareProvider></performer></primaryCareProvision></subjectOf>`;
  const { name = `<name use="L"><given>Baby</given><family>${family}</family></name>` } = baby;
  const clinical = (at: number, element: string, code: string, value: string) =>
    `<component${at} typeCode="COMP"><${element} classCode="OBS" moodCode="EVN"><code code="${code}" codeSystem="2.16.840.1.113883.2.1.3.2.4.15"/>${value}</${element}></component${at}>`;
  return `<subject typeCode="SUBJ" contextConductionInd="false"><PdsRegistrationEvent classCode="REG" moodCode="EVN">${authority('x', '', 'Z99', '1.2.826.0.1285.0.1.10')}
<pertinentInformation typeCode="PERT"><pertinentIgnoreDuplicateRecordCriterion classCode="OBS" moodCode="EVN.CRT"><value value="${ignore}"/></pertinentIgnoreDuplicateRecordCriterion></pertinentInformation>
<subject typeCode="SBJ"><patient classCode="PAT">${addresses}
<babyOf typeCode="BBY"><obstetricCareProvision classCode="PCPR" moodCode="EVN"><code code="OBS"/>${notifier}
<location typeCode="LOC"><participantIdentifiedDeliveryLocation classCode="LOCE"><code code="0" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.173"/><id root="1.2.826.0.1285.0.1.10" extension="Z99"/><locatedPlaceOfBirth classCode="PLC" determinerCode="INSTANCE"><addr><city>Testbridge</city></addr><name>Testbridge Infirmary</name></locatedPlaceOfBirth></participantIdentifiedDeliveryLocation></location>
<primaryInformationRecipient typeCode="PRCP"><partnerChildHealth classCode="ASSIGNED"><id root="1.2.826.0.1285.0.1.10" extension="${recipient}"/></partnerChildHealth></primaryInformationRecipient>
<recordTarget typeCode="RCT"><mother classCode="PAT">${mother && `<id root="${NHS_NUMBER}" extension="${mother}"/>`}<patientMotherPerson classCode="PSN" determinerCode="INSTANCE"><birthTime value="19940404"/><name use="L"><given>Nerisse</given><family>Amberquay</family></name></patientMotherPerson>${mothersGp}</mother></recordTarget></obstetricCareProvision></babyOf>
<patientPerson classCode="PSN" determinerCode="INSTANCE"><administrativeGenderCode code="2"/><birthTime value="${birth}"/>${death?.[0] ?? ''}${ethnic && `<ethnicGroupCode code="${ethnic}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.6"/>`}<multipleBirthOrderNumber value="${order}"/>${name}</patientPerson>
<subjectOf1 typeCode="SBJ"><birthWeight classCode="OBS" moodCode="EVN"><code code="364589006" codeSystem="2.16.840.1.113883.2.1.3.2.4.15"/><value value="${weight}"/></birthWeight></subjectOf1>
<subjectOf2 typeCode="SBJ"><clinicalInformation classCode="COMPOSITION" moodCode="EVN">
${clinical(1, 'suspectedCongenitalAbnormality', '276654001', '<value code="N" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.171"/>')}
${clinical(2, 'stillbirthIndicator', '237364002', '<value code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.172"/>')}
${clinical(3, 'numberOfFoetusInConfinement', '246435002', `<value value="${foetuses}"/>`)}
${clinical(4, 'gestationAge', '268477000', `<value value="${weeks}"/>`)}</clinicalInformation></subjectOf2>${death?.[1] ?? ''}
</patient></subject></PdsRegistrationEvent></subject>`;
}

const notify = (spine: Spine, baby: Baby = {}, interaction = 'PRPA_IN000205UK03') =>
  ask(spine, {
    service: 'pds',
    interaction,
    act: interaction === 'PRPA_IN000205UK05' ? inParts(birthEvent(baby)) : birthEvent(baby),
  });

const INBOUND = { protocol: 'http', direction: 'inbound', service: 'messaging' } as const;

/** Of no record. */
const STRANGER = '9999999468';

t.test('a birth gets a record; one like it is told, and made when the sender insists', async (t) => {
  const spine = await startSpine(t);
  const { patients } = spine.environment.core.spaces.default.world;
  const reply = await notify(spine);
  t.match(reply, { interaction: 'PRPA_IN000206UK01', typeCode: 'AA' }, reply.text);
  t.strictSame(REGISTERED.faults(reply.subject!), []);
  const nhsNumber = numberOf(reply);
  t.match(await patients.get(nhsNumber), {
    dateOfBirth: '202602280415',
    birthWeight: 3420,
    birthOrder: 1,
    mother: '9996440001',
    ethnicGroup: 'A',
    childHealth: 'Z98',
    previousNhsContact: '0',
    birthplace: { town: 'Testbridge' },
  });
  const { subject } = await ask(spine, { interaction: 'QUPA_IN000008UK02', act: retrievalQuery(nhsNumber) });
  t.strictSame(RECORD_63.faults(subject!), []);

  const double = await notify(spine);
  t.match(double, { interaction: 'PRPA_IN000207UK03', typeCode: 'AE' });
  t.strictSame(DUPLICATES.faults(double.subject!), []);
  t.equal(numberOf(double), nhsNumber);
  t.equal(double.subject!.find('patientMother')?.find('family')?.text, 'Amberquay');
  t.equal((await notify(spine, { order: '2' })).interaction, 'PRPA_IN000206UK01', 'the second twin');
  t.equal((await notify(spine, { ignore: 'true' })).interaction, 'PRPA_IN000206UK01', 'the sender insists');
  const newer = await notify(spine, { family: 'Driftquill', mother: STRANGER }, 'PRPA_IN000205UK05');
  t.match(newer, { interaction: 'PRPA_IN000206UK01', versionCode: '3NPfIT7.2.00' }, newer.text);
  t.equal(
    (await notify(spine, { family: 'Driftquill', mother: STRANGER }, 'PRPA_IN000205UK05')).interaction,
    'PRPA_IN000207UK05',
  );
});

t.test('requests for one person at one moment get one number', async (t) => {
  const { environment } = await startSpine(t);
  const { interactions, spaces } = environment.core;
  // Without a connection of its own for each, they are as much at once as can be.
  const atOnce = (interaction: string, act: string) =>
    Promise.all(
      Array.from({ length: 4 }, async (_none, at) => {
        const resolved = spaces.resolve({});
        const exchange = new Exchange(environment.core, { ...INBOUND, resolved });
        const messageId = `0A11B5C0-0002-4000-8000-00000000000${at}`;
        const message = parseXml(hl7Message({ interaction, act, id: messageId }));
        const handler = interactions.find('pds', interaction)!;
        const systems = { fromAsid: CLIENT, toAsid: SPINE, send() {} };
        const request = {
          exchange,
          pattern: 'sync',
          service: 'pds',
          interaction,
          message,
          messageId,
          ...systems,
        } as const;
        return (await handler.handle(request))!.acknowledgement;
      }),
    );
  const one = ['AA', 'AE', 'AE', 'AE'];
  t.same((await atOnce('PRPA_IN000200UK03', registration({ family: 'Elmdale' }))).sort(), one);
  t.same((await atOnce('PRPA_IN000205UK03', birthEvent({ family: 'Firdale', mother: STRANGER }))).sort(), one);
});

t.test('the child health department is told of a birth, with the number and the practice', async (t) => {
  const spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  const supplier = await startSupplier(t, { tls: await supplierTls(spine), mode: 'sync' });
  const { world } = spine.environment.core.spaces.default;
  const { builtIn, ...handler } = world.handlers.byOds('Z98')[0]!;
  t.equal(builtIn, 'responder', 'in the seed it is answered inside');
  await world.put('handlers', { ...structuredClone(handler), endpoint: `${supplier.url}/inbound`, fqdn: 'localhost' });
  const told = async (count: number) => {
    const { body, action } = (await supplier.wait(count)).at(-1)!;
    t.equal(action, 'PRPA_IN000208UK03');
    const message = parseXml(/<hl7:PRPA_.*<\/hl7:PRPA_\w+>/s.exec(body)![0]);
    t.strictSame(WRAPPER('PRPA_IN000208UK03', true, false).faults(message), []);
    t.equal(message.descend('communicationFunctionRcv/device/id')?.attr('extension'), '200000000951');
    const event = message.descend('ControlActEvent/subject')!.children()[0]!;
    t.strictSame(BIRTH_NOTIFICATION.faults(event), []);
    return event;
  };

  const number = numberOf(await notify(spine, { practice: 'Z99901' }));
  const event = await told(1);
  t.equal(event.find('patient')?.child('id')?.attr('extension'), number);
  const practice = event.find('primaryCareProviderWithDetail')!;
  t.match([practice.child('id')?.attr('extension'), practice.find('name')?.text], ['Z99901', 'EXAMPLE SURGERY']);
  t.equal(event.find('gestationAge')?.child('value')?.attr('value'), '39');
  t.equal((await notify(spine)).interaction, 'PRPA_IN000207UK03');

  await notify(spine, { order: '2' }, 'PRPA_IN000205UK05');
  t.equal((await told(2)).find('primaryCareProviderWithDetail')?.child('id')?.attr('extension'), 'Z99903');
  await notify(spine, { family: 'Nowhere', mother: STRANGER, practice: 'Z99999' });
  const unlisted = (await told(3)).find('primaryCareProviderWithDetail')!;
  t.equal(unlisted.child('id')?.attr('extension'), 'Z99999', 'a practice that the directory does not have');
  t.equal(unlisted.find('name'), undefined);

  t.equal(
    (await notify(spine, { family: 'Elsewhere', mother: STRANGER, order: '2', recipient: 'Z99904' })).typeCode,
    'AA',
  );
  const { body } = await spine.admin('GET', '/api/journal?service=messaging&limit=1');
  const entry = await spine.admin('GET', `/api/journal/${body.entries[0].id}`);
  t.match(JSON.stringify(entry.body.steps), 'no system of Z99904 receives PRPA_IN000208UK03: not sent');
  t.equal((await supplier.received()).length, 3, 'a double led to none, and neither did this');
});

t.test('no notification leaves PDS where it shall not', async (t) => {
  const spine = await startSpine(t, { pds: { birthNotification: 'none', duplicateBirth: 'AA' } });
  t.equal((await notify(spine)).interaction, 'PRPA_IN000206UK01');
  t.match(await notify(spine), { interaction: 'PRPA_IN000207UK03', typeCode: 'AA' });
  const { body } = await spine.admin('GET', '/api/deliveries');
  t.strictSame(body.deliveries, []);
});

t.test('what a birth notification must have, by its name', async (t) => {
  const spine = await startSpine(t);
  const notification =
    '<subjectOf4 typeCode="SBJ"><deathNotification classCode="OBS" moodCode="EVN"><code code="3" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.35"/><value code="1" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.5"/></deathNotification></subjectOf4>';
  const died = '<deceasedTime value="202602280655"/>';
  const cases: [rule: string, baby: Baby][] = [
    ['MANDATORY_FIELD_MISSING - patientCheck:homeaddr', { addresses: '' }],
    ['MANDATORY_FIELD_MISSING - patientCheck:homeaddr', { addresses: addr('TMP') }],
    ['INSERT_BIRTH_MANDATORY_DATA_MISSING', { birth: '20260228' }],
    ['INVALID_BIRTH_WEIGHT', { weight: '342' }],
    ['MANDATORY_FIELD_MISSING - patientPersonCheck:ethnicGroupCode', { ethnic: '' }],
    ['MANDATORY_FIELD_MISSING - numberOfFoetusInConfinementCheck:value', { foetuses: '7' }],
    ['MANDATORY_FIELD_MISSING - gestationAgeCheck:value', { weeks: '9' }],
    ['MANDATORY_FIELD_MISSING - patientPersonCheck:name', { name: '' }],
    ['UNSUPPORTED_CHARACTERS_IN_FIELD', { family: 'Umber~quill' }],
    ['TOO_MANY_GIVEN_NAMES_2', { name: `<name use="L">${'<given>A</given>'.repeat(3)}<family>B</family></name>` }],
    ['MANDATORY_FIELD_MISSING - ignoreDuplicateRecordCriterionCheck:value', { ignore: '' }],
    ['INCONSISTENT_DEATH_UPDATE', { death: ['<deceasedTime value="20260228"/>', ''] }],
    ['INCONSISTENT_DEATH_UPDATE', { death: ['', notification] }],
    [
      'MANDATORY_FIELD_MISSING - deathNotificationCheck:code',
      { death: [died, notification.replace('17.35', '17.36')] },
    ],
    ['MANDATORY_FIELD_MISSING - obstetricCareProvisionCheck:assignedNotifierPerson', { notifier: '' }],
    ['MANDATORY_FIELD_MISSING - notifierPersonCheck:name', { notifier: NOTIFIER.replace(/<name>.*<\/name>/, '') }],
    ['MANDATORY_FIELD_MISSING - motherCheck:id', { mother: '' }],
    ['MANDATORY_FIELD_MISSING - motherCheck:primaryCareProvision', { practice: '' }],
  ];
  for (const [rule, baby] of cases) {
    const reply = await notify(spine, baby);
    t.match(reply, { interaction: 'MCCI_IN010000UK13', typeCode: 'AE' }, rule);
    t.ok(reply.reasons[1]?.includes(rule), `${rule}: ${reply.reasons[1]}`);
  }
  // What else the stylesheets count, each spoiled in a good message.
  const spoiled: [field: string, from: string | RegExp, to: string][] = [
    ['registeringAuthorityCheck:code', '.16.20"', '.16.21"'],
    ['patientCheck:clinicalInformation', /<subjectOf2 .*<\/subjectOf2>/s, ''],
    ['clinicalInformationCheck:stillBirthIndicator', /<component2 .*<\/component2>/s, ''],
    ['stillbirthIndicatorCheck:value', '.17.172"', '.17.171"'],
    ['birthWeightCheck:code', 'code="364589006"', 'code=""'],
    ['obstetricCareProvisionCheck:code', '<code code="OBS"/>', ''],
    ['obstetricCareProvisionCheck:participant', /<location .*<\/location>/s, ''],
    ['obstetricCareProvisionCheck:partnerChildHealth', /(<partnerChildHealth [^>]*><id root=")[^"]*/, '$11.2.3'],
    ['identifiedDeliveryLocationCheck:placeOfBirth:name', '<name>Testbridge Infirmary</name>', ''],
    ['motherPersonCheck:birthTime', '<birthTime value="19940404"/>', ''],
    ['primaryCareProvisionCheck:primaryCareProvider', /(<primaryCareProvider [^>]*><id root=")[^"]*/, '$11.2.3'],
  ];
  for (const [field, from, to] of spoiled) {
    const act = birthEvent().replace(from, to);
    const reply = await ask(spine, { service: 'pds', interaction: 'PRPA_IN000205UK03', act });
    t.ok(reply.reasons[1]?.startsWith(`MANDATORY_FIELD_MISSING MANDATORY_FIELD_MISSING - ${field} `), field);
  }
  const newer = { service: 'pds', interaction: 'PRPA_IN000205UK05' };
  const bare = await ask(spine, { ...newer, act: birthEvent() });
  t.match(bare.reasons[1], /patientPersonCheck:administrativeGenderCode/, 'MIM 7.2 has it in a part');
  const unsigned = await ask(spine, { ...newer, act: inParts(birthEvent({ death: [died, notification] })) });
  t.match(unsigned.reasons[1], /patientCheck:deathNotification:registeringAuthority:code/);

  const keyless = await notify(spine, {
    family: 'Keyless',
    addresses: addr().replace('</addr>', '<addressKey>0</addressKey></addr>'),
  });
  t.match(keyless, { typeCode: 'AA', reasons: [/^INVALID_VALUE .*0 address.addressKey WG/] });
  const early = await notify(spine, { order: '2', death: [died, notification] });
  t.equal(early.typeCode, 'AA', early.reasons.join());
});

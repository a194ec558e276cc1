import { spawnSync } from 'node:child_process';
import t from 'tap';
import type { XmlElement } from '../../../server/core/xml/element.ts';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { HOST, retrievalQuery, soapAction, syncRequest } from '../messaging/requests.ts';

const NHS_NUMBER = '2.16.840.1.113883.2.1.4.1';
const PLAIN = '9996010007';
const FULL = '9996020002';

interface Reply {
  /** The element of the SOAP body. */
  wrapper: string;
  interaction: string;
  versionCode: string | undefined;
  typeCode: string | undefined;
  response: string | undefined;
  /** `code displayName qualifier`. */
  reasons: string[];
  subject: XmlElement | undefined;
  text: string;
}

async function ask(spine: Spine, interaction: string, act: string): Promise<Reply> {
  const answer = await spine.ask(HOST, {
    path: '/sync-service',
    headers: soapAction({ interaction }),
    body: syncRequest({ interaction, act }),
  });
  t.equal(answer.status, 200);
  const wrapper = parseXml(answer.text).child('Body')!.children()[0]!;
  const message = wrapper.children()[0]!;
  const act1 = message.child('ControlActEvent')!;
  return {
    wrapper: wrapper.local,
    interaction: message.local,
    versionCode: message.child('versionCode')?.attr('code'),
    typeCode: message.child('acknowledgement')?.attr('typeCode'),
    response: act1.descend('queryAck/queryResponseCode')?.attr('code'),
    reasons: act1.descendAll('reason/justifyingDetectedIssueEvent/code').map((code) => {
      const qualifier = code.child('qualifier')?.attr('code');
      return `${code.attr('code')} ${code.attr('displayName')} ${qualifier}`;
    }),
    subject: act1.child('subject')?.children()[0],
    text: answer.text,
  };
}

const names = (element: XmlElement | undefined) => element?.children().map(({ local }) => local);
/** Child names with repetitions left out. */
const order = (element: XmlElement | undefined) => [...new Set(names(element))];
const numberOf = (reply: Reply) =>
  reply.subject
    ?.find('patientRole')
    ?.children('id')
    .find((id) => id.attr('root') === NHS_NUMBER)
    ?.attr('extension');

interface Person {
  family?: string;
  given?: string;
  gender?: string;
  birth?: string;
  postcode?: string;
}

const traceQuery = ({ family, given, gender, birth, postcode }: Person) => `<query>
${postcode === undefined ? '' : `<person.address><semanticsText>Person.address</semanticsText><value use="H"><postalCode>${postcode}</postalCode></value></person.address>`}
${gender === undefined ? '' : `<person.administrativeGenderCode><semanticsText>Person.administrativeGenderCode</semanticsText><value code="${gender}"/></person.administrativeGenderCode>`}
${birth === undefined ? '' : `<person.birthTime><semanticsText>Person.birthTime</semanticsText><value value="${birth}"/></person.birthTime>`}
<person.name><semanticsText>Person.name</semanticsText><value use="L">${given === undefined ? '' : `<given>${given}</given>`}${family === undefined ? '' : `<family>${family}</family>`}</value></person.name></query>`;

const crossCheckQuery = (nhsNumber: string, birth: string, name = '', root = NHS_NUMBER) => `<query>
<person.birthTime><value value="${birth}"/></person.birthTime><person.id><value root="${root}" extension="${nhsNumber}"/></person.id>
${name && `<person.name><value>${name}</value></person.name>`}</query>`;

const confirmQuery = (nhsNumber: string, root = NHS_NUMBER) =>
  `<query><person.id><semanticsText>Person.id</semanticsText><value root="${root}" extension="${nhsNumber}"/></person.id></query>`;

t.test('PDS over the synchronous service', async (t) => {
  const spine = await startSpine(t);

  t.test('retrieval gives the whole record in the order of the schema', async (t) => {
    const reply = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery(FULL));
    t.match(reply, {
      wrapper: 'retrievalQueryResponse',
      interaction: 'QUPA_IN000009UK03',
      versionCode: '3NPfIT6.3.01',
      typeCode: 'AA',
      response: 'OK',
      reasons: [],
    });
    t.equal(reply.subject?.local, 'PDSResponse');
    t.strictSame(names(reply.subject), ['pertinentInformation', 'subject']);
    const role = reply.subject!.find('patientRole')!;
    t.strictSame(order(role), ['id', 'patientPerson', 'subjectOf3', 'subjectOf4', 'subjectOf5', 'subjectOf8']);
    t.strictSame(order(role.child('patientPerson')), [
      'administrativeGenderCode',
      'birthTime',
      'multipleBirthOrderNumber',
      'birthplace',
      'languageCommunication',
      'playedOtherProviderPatient',
      'scopedRelatedPersonRole',
      'COCT_MT000201UK02.PartOfWhole',
      'COCT_MT000202UK02.PartOfWhole',
      'COCT_MT000203UK02.PartOfWhole',
    ]);
    for (const addr of role.findAll('addr').filter((element) => element.parent?.local !== 'birthplace')) {
      t.equal(addr.children('streetAddressLine').length, 5, 'always five lines');
      t.equal(addr.children().at(-1)?.local, 'id', 'the object id is the last');
    }
    const provisions = role.findAll('patientCareProvisionEvent');
    t.strictSame(
      provisions.map((event) => event.child('code')?.attr('code')),
      ['1', 'P1', 'P2', 'P3'],
    );
    t.strictSame(names(provisions[0]), ['code', 'effectiveTime', 'id', 'performer']);
    t.equal(role.find('desc')?.text, 'Student Accommodation');
    t.notOk(reply.text.includes('sourceSourceIdentified'), 'no history where none was asked for');
  });

  t.test('historicDataIndicator 1 adds what has ended, and who recorded it when', async (t) => {
    const HISTORY = '9996270009';
    const { patients } = spine.environment.core.spaces.default.world;
    const patient = structuredClone((await patients.get(HISTORY))!);
    patient.names[0]!.source = '200000000901';
    patient.names[0]!.recordedFrom = '20200102030405';
    await patients.put(patient);
    const current = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery(HISTORY));
    const all = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery(HISTORY, { historic: '1' }));
    t.ok(all.subject!.findAll('name').length > current.subject!.findAll('name').length);
    t.ok(all.subject!.findAll('patientCareProvisionEvent').length > 1);
    t.notOk(current.text.includes('systemEffectiveDate'));
    const source = all.subject!.find('sourceSourceIdentified');
    t.equal(source?.parent?.local, 'subjectOf1');
    t.equal(source?.child('value')?.attr('extension'), '200000000901');
    t.equal(
      all.subject!.descend('subject/patientRole/patientPerson')?.find('systemEffectiveDate')?.parent?.local,
      'subjectOf2',
    );
  });

  t.test('retrieval without an item gives the serial change number alone', async (t) => {
    const reply = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery(FULL, { item: null }));
    t.equal(reply.subject?.find('pertinentSerialChangeNumber')?.child('value')?.attr('value'), '17');
    t.strictSame(names(reply.subject?.find('patientRole')), ['id']);
  });

  t.test('retrieval takes what clients get wrong: order, case, unknown children', async (t) => {
    const query = `<query><person.id><value root="${NHS_NUMBER}" extension="${PLAIN}"/><semanticsText>person.id</semanticsText><extra/></person.id><retrievalItem><semanticsText>PERSON.ALLDATA</semanticsText></retrievalItem><historicDataIndicator><value code="0"/></historicDataIndicator></query>`;
    t.equal((await ask(spine, 'QUPA_IN000008UK02', query)).response, 'OK');
  });

  t.test('retrieval fails with two reasons, the general one first', async (t) => {
    const cases: [query: string, reasons: string[]][] = [
      [
        retrievalQuery('9999999468'),
        ['1 No match to a Service User record ER', 'RT003 No match to a Service User record ER'],
      ],
      [
        retrievalQuery('0000000000'),
        ['1 No match to a Service User record ER', 'RT003 No match to a Service User record ER'],
      ],
      [retrievalQuery('9996190005'), ['22 NHS Number is invalid, no superseding NHS Number exists ER']],
      [retrievalQuery('999601000'), ['0 Generic Error ER', 'INVALID_NHS_NUMBER INVALID_NHS_NUMBER ER']],
      [
        retrievalQuery(PLAIN, { historic: '2' }),
        ['0 Generic Error ER', 'INVALID_HISTORIC_DATA_INDICATOR INVALID_HISTORIC_DATA_INDICATOR ER'],
      ],
      [
        retrievalQuery(PLAIN).replace(NHS_NUMBER, '1.2.3'),
        ['0 Generic Error ER', 'NHS_NUMBER_UNSPECIFIED NHS_NUMBER_UNSPECIFIED ER'],
      ],
      // Whose record is meant?
      [
        retrievalQuery(PLAIN).replace(/<person.id>.*<\/person.id>/, (id) => id + id.replace(PLAIN, FULL)),
        ['0 Generic Error ER', 'NHS_NUMBER_UNSPECIFIED NHS_NUMBER_UNSPECIFIED ER'],
      ],
    ];
    for (const [query, reasons] of cases) {
      const reply = await ask(spine, 'QUPA_IN000008UK02', query);
      t.match(reply, {
        wrapper: 'retrievalQueryResponse',
        interaction: 'QUQI_IN010000UK14',
        typeCode: 'AE',
        response: 'ID',
      });
      t.strictSame(reply.reasons, reasons);
      t.equal(reply.subject, undefined);
    }
  });

  t.test('record states show in retrieval', async (t) => {
    const merged = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery('9996180018'));
    t.equal(numberOf(merged), '9996170004', 'the survivor, through two merges');
    t.strictSame(merged.reasons, [
      '24 NHS Number supplied as a parameter has been superseded and superseding NHS Number returned WG',
    ]);
    const old = merged.subject!.findAll('oldVersion');
    t.strictSame(
      old.map((version) => version.child('id')?.attr('extension')),
      ['9996160009', '9996180018'],
    );
    t.equal(old[0]?.descend('effectiveTime/low')?.attr('value'), '20240501');

    const sensitive = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery('9996130002', { historic: '1' }));
    t.strictSame(sensitive.reasons, [
      '9 Successful retrieval - Information returned limited by sensitivity conditions WG',
    ]);
    t.strictSame(names(sensitive.subject?.find('patientRole')), ['confidentialityCode', 'id', 'patientPerson']);
    for (const withheld of ['addr', 'telecom', 'playedOtherProviderPatient', 'scopedRelatedPersonRole']) {
      t.equal(sensitive.subject?.find(withheld), undefined, withheld);
    }

    const dead = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery('9996110001'));
    t.match(dead.subject?.find('deceasedTime')?.attr('value'), /^\d{12}$/);
    t.equal(dead.subject?.find('deathNotification')?.child('value')?.attr('code'), '2');
    const noPractice = await ask(spine, 'QUPA_IN000008UK02', retrievalQuery('9996210006'));
    t.equal(noPractice.subject?.find('playedOtherProviderPatient'), undefined);
    t.equal(noPractice.subject?.find('reasonCode')?.attr('code'), 'ORR', 'reasons of the armed forces are masked');
  });

  t.test('the older retrieval writes items inline and the number at the end', async (t) => {
    const reply = await ask(spine, 'QUPA_IN040000UK32', retrievalQuery(PLAIN));
    t.match(reply, {
      wrapper: 'retrievalQueryResponse',
      interaction: 'QUPA_IN050000UK32',
      versionCode: 'V3NPfIT4.2.00',
    });
    t.equal(reply.subject?.local, 'PdsSuccessfulRetrieval');
    t.strictSame(names(reply.subject), ['subject', 'pertinentInformation']);
    const role = reply.subject!.find('patientRole')!;
    t.strictSame(order(role), ['id', 'addr', 'telecom', 'patientPerson']);
    t.strictSame(names(role.child('patientPerson')), [
      'name',
      'administrativeGenderCode',
      'birthTime',
      'playedOtherProviderPatient',
    ]);
    t.strictSame(names(role.find('patientCareProvision')), ['id', 'code', 'effectiveTime', 'responsibleParty']);
    const failed = await ask(spine, 'QUPA_IN040000UK32', retrievalQuery('9999999468'));
    t.strictSame(failed.reasons, ['1 No match to a Service User record ER'], 'one reason only');
  });

  t.test('the newer retrieval has parts for gender, birth and death', async (t) => {
    const reply = await ask(spine, 'QUPA_IN000008UK05', retrievalQuery('9996110001'));
    t.match(reply, { interaction: 'QUPA_IN000009UK06', versionCode: '3NPfIT7.2.00' });
    t.strictSame(order(reply.subject?.find('patientPerson')), [
      'COCT_MT000201UK03.PartOfWhole',
      'COCT_MT000209UK01.PartAdminGenderCode',
      'COCT_MT000210UK01.PartBirthTime',
      'COCT_MT000211UK01.PartDeceasedTime',
      'COCT_MT000202UK03.PartOfWhole',
      'COCT_MT000203UK03.PartOfWhole',
    ]);
    const plain = await ask(spine, 'QUPA_IN000008UK05', retrievalQuery(PLAIN));
    t.ok(
      plain.subject
        ?.descend('subject/patientRole/patientPerson/playedOtherProviderPatient')
        ?.find('patientCareProvision'),
    );
    const business = await ask(spine, 'QUPA_IN000008UK05', retrievalQuery('9996150003'));
    t.equal(business.subject?.find('confidentialityCode'), undefined, 'B has no code there');
  });

  t.test('simple trace finds one person', async (t) => {
    const person = { family: 'fennelmere', gender: '2', birth: '19890620' };
    const reply = await ask(spine, 'QUPA_IN000005UK01', traceQuery(person));
    t.match(reply, {
      wrapper: 'traceQueryResponse',
      interaction: 'QUPA_IN000007UK01',
      typeCode: 'AA',
      response: 'OK',
      reasons: [],
    });
    t.equal(numberOf(reply), PLAIN);
    t.equal(reply.subject?.local, 'PdsTraceMatch');
    const role = reply.subject!.find('patientRole')!;
    t.strictSame(order(role), ['addr', 'id', 'telecom', 'patientPerson', 'subjectOf2']);
    t.strictSame(names(role.child('patientPerson')), [
      'administrativeGenderCode',
      'birthTime',
      'name',
      'playedOtherProviderPatient',
    ]);
    t.notOk(reply.text.includes('2.16.840.1.113883.2.1.3.2.4.18.1'), 'no object ids');
    t.equal(role.find('assignedOrganization')?.child('id')?.attr('extension'), 'Z99901');
    const narrowed = await ask(
      spine,
      'QUPA_IN000005UK01',
      traceQuery({ ...person, postcode: 'zz993vz', given: 'Brisella' }),
    );
    t.equal(numberOf(narrowed), PLAIN);
    const older = await ask(spine, 'QUPA_IN010000UK32', traceQuery(person));
    t.match(older, { interaction: 'QUPA_IN030000UK32', versionCode: 'V3NPfIT4.2.00' });
    t.equal(older.subject?.find('matchingLevel')?.child('value')?.attr('value'), '100.00');
    t.equal((await ask(spine, 'QUPA_IN000005UK03', traceQuery(person))).interaction, 'QUPA_IN000007UK03');
  });

  t.test('simple trace fails when nobody fits, several do, or the query is short of something', async (t) => {
    const person = { family: 'Fennelmere', gender: '2', birth: '19890620' };
    const twin = await spine.environment.core.spaces.default.world.patients.get('9996030008');
    const twins = { family: 'Pebblemere', gender: twin!.gender, birth: twin!.dateOfBirth! };
    const cases: [query: Person, reasons: string[]][] = [
      [
        { ...person, gender: '1' },
        ['1 No match to a Service User record ER', 'ST004 No match to a Service User record ER'],
      ],
      [twins, ['7 Multiple Matches Found ER']],
      [
        { ...person, birth: undefined },
        ['0 Generic Error ER', 'MISSING_MANDATORY_SEARCH_FIELD MISSING_MANDATORY_SEARCH_FIELD - birthTime ER'],
      ],
      [
        { ...person, family: undefined },
        ['0 Generic Error ER', 'MISSING_MANDATORY_SEARCH_FIELD MISSING_MANDATORY_SEARCH_FIELD - name.family ER'],
      ],
      [
        { ...person, gender: '7' },
        [
          '0 Generic Error ER',
          'MISSING_MANDATORY_SEARCH_FIELD MISSING_MANDATORY_SEARCH_FIELD - administrativeGenderCode ER',
        ],
      ],
      [{ ...person, birth: '1989' }, ['0 Generic Error ER', 'ILLEGAL_DATE_FORMAT ILLEGAL_DATE_FORMAT - 1989 ER']],
      [{ ...person, family: 'Fenn*' }, ['0 Generic Error ER', 'INVALID_SEARCH_DATA INVALID_SEARCH_DATA - Fenn* ER']],
    ];
    for (const [query, reasons] of cases) {
      const reply = await ask(spine, 'QUPA_IN000005UK01', traceQuery(query));
      t.match(reply, {
        wrapper: 'traceQueryResponse',
        interaction: 'QUQI_IN010000UK14',
        typeCode: 'AE',
        response: 'ID',
      });
      t.strictSame(reply.reasons, reasons);
    }
    t.equal((await ask(spine, 'QUPA_IN000005UK01', traceQuery({ ...twins, given: 'Evander' }))).response, 'OK');
    // Spine counts: one @value, one family name.
    const missing: [change: [from: string, to: string], field: string][] = [
      [['<value value="19890620"/>', '<value><center value="19890620"/></value>'], 'birthTime'],
      [['<value value="19890620"/>', '<value><low value="19890620"/><high value="19991231"/></value>'], 'birthTime'],
      [['<value value="19890620"/>', '<value value="19890620"/><value value="19890620"/>'], 'birthTime'],
      [['<family>Fennelmere</family>', '<family>Fennelmere</family><family>Otterfield</family>'], 'name.family'],
    ];
    for (const [[from, to], field] of missing) {
      const { reasons } = await ask(spine, 'QUPA_IN000005UK01', traceQuery(person).replace(from, to));
      t.equal(reasons[1], `MISSING_MANDATORY_SEARCH_FIELD MISSING_MANDATORY_SEARCH_FIELD - ${field} ER`);
    }
  });

  t.test('the journal says what was found, whom it may have meant, and what to change', async (t) => {
    const lastEntry = async () => {
      const { body } = await spine.admin('GET', '/api/journal?limit=1');
      return (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
    };
    const person = { family: 'Fennelmere', gender: '2', birth: '19890620' };
    const traced: [query: Person, reason: string][] = [
      [{ ...person, gender: '1' }, 'fits but for the gender (2)'],
      [{ ...person, birth: '19890621' }, 'fits but for the date of birth (19890620)'],
      [{ ...person, family: 'Fenelmere' }, 'fits but for the family name (Fennelmere)'],
      [
        { ...person, given: 'Brisela', postcode: 'ZZ99 3WZ' },
        'fits but for the given name (Brisella) and the postcode (ZZ99 3VZ)',
      ],
    ];
    for (const [query, reason] of traced) {
      await ask(spine, 'QUPA_IN000005UK01', traceQuery(query));
      const { error, advice, nearMisses } = await lastEntry();
      t.strictSame(error, { code: 'ST004', message: 'nobody fits' });
      t.match(advice, /date of birth must all be/);
      t.strictSame(nearMisses[0], { kind: 'patient', candidate: PLAIN, reason });
    }
    const { gender, dateOfBirth } = (await spine.environment.core.spaces.default.world.patients.get('9996030008'))!;
    const twins = { family: 'Pebblemere', gender, birth: dateOfBirth! };
    const asked: [interaction: string, query: string, message: RegExp, advice: RegExp][] = [
      ['QUPA_IN000005UK01', traceQuery(twins), /^2 people fit: 9996030008, 9996040003$/, /tells them apart/],
      ['QUPA_IN000008UK02', retrievalQuery('9996010008'), /its check digit is wrong/, /spine-sim patients/],
      ['QUPA_IN000008UK02', retrievalQuery('9996590003'), /lead in a circle/, /spine-sim patients/],
      [
        'QUPA_IN000008UK02',
        retrievalQuery('9996460002'),
        /superseded by 9996190005, which was inval/,
        /another patient/,
      ],
      ['QUPA_IN000008UK02', retrievalQuery(PLAIN).replace(NHS_NUMBER, '1.2.3'), /root of person.id is "1.2.3"/, /root/],
      ['QUPA_IN000014UK01', crossCheckQuery(PLAIN, 'June'), /"June" is no date of birth/, /date of birth/],
      [
        'QUPA_IN000014UK01',
        crossCheckQuery('9996160009', '19510326'),
        /^the date of birth differs from 19840518, that of 9996170004, whom 9996160009 leads to, in more than one part$/,
        /date of birth/,
      ],
    ];
    for (const [interaction, query, message, advice] of asked) {
      await ask(spine, interaction, query);
      const entry = await lastEntry();
      t.match(entry.error.message, message);
      t.match(entry.advice, advice);
    }
  });

  t.test('a sensitive person is found without whereabouts, and never by them', async (t) => {
    const patient = (await spine.environment.core.spaces.default.world.patients.get('9996130002'))!;
    const person = { family: 'Otterfield', gender: patient.gender, birth: patient.dateOfBirth! };
    const reply = await ask(spine, 'QUPA_IN000005UK01', traceQuery(person));
    t.strictSame(reply.reasons, [
      '5 Match - NHS Number and limited data only returned (sensitivity conditions apply) WG',
    ]);
    for (const withheld of ['addr', 'telecom', 'playedOtherProviderPatient'])
      t.equal(reply.subject?.find(withheld), undefined);
    const located = await ask(spine, 'QUPA_IN000005UK01', traceQuery({ ...person, postcode: 'ZZ99 3CZ' }));
    t.equal(located.interaction, 'QUQI_IN010000UK14');
    // The record that was merged into a sensitive one is open, and says where she lived.
    const { gender, dateOfBirth } = (await spine.environment.core.spaces.default.world.patients.get('9996470008'))!;
    const merged = { family: 'Brackenquay', given: 'Petronel', gender, birth: dateOfBirth! };
    t.equal(numberOf(await ask(spine, 'QUPA_IN000005UK01', traceQuery(merged))), '9996480003');
    const lived = await ask(spine, 'QUPA_IN000005UK01', traceQuery({ ...merged, postcode: 'ZZ99 3CZ' }));
    t.match(lived.reasons[1], /^ST004 /);
  });

  t.test('cross-check verifies a number by date of birth, and by name where the date is doubtful', async (t) => {
    const name = '<given>Bri</given><family>Fennel</family>';
    const verified = await ask(spine, 'QUPA_IN000014UK01', crossCheckQuery(PLAIN, '19890620'));
    t.match(verified, { wrapper: 'crossCheckTraceQueryResponse', interaction: 'QUPA_IN000015UK02', response: 'OK' });
    t.equal(verified.subject?.find('pertinentSerialChangeNumber'), undefined, 'no serial change number');
    t.ok(verified.subject?.find('name')?.child('validTime'));
    t.equal((await ask(spine, 'QUPA_IN000014UK01', crossCheckQuery(PLAIN, '19890621', name))).response, 'OK');
    const general = async (query: string) =>
      (await ask(spine, 'QUPA_IN000014UK01', query)).reasons.map((reason) => reason.split(' ')[0]);
    t.strictSame(await general(crossCheckQuery(PLAIN, '19890621')), ['40']);
    t.strictSame(await general(crossCheckQuery('9999999468', '19890620')), ['1', 'NHSNCC002']);
    t.strictSame(await general(crossCheckQuery('9996190005', '19960416')), ['22']);
    t.strictSame(await general(crossCheckQuery('BRS1234', '19890620', '', '2.16.840.1.113883.2.1.3.2.4.3')), ['42']);
    t.strictSame(await general(crossCheckQuery(PLAIN, '19890620', '<given>a</given><given>b</given>')), [
      '0',
      'INVALID_NAME_FORMAT',
    ]);
    t.strictSame(await general(confirmQuery(PLAIN)), ['0', 'DATE_OF_BIRTH_MISSING']);
    const ranged = crossCheckQuery(PLAIN, '19890620').replace(
      '<value value="19890620"/>',
      '<value><center value="19890620"/></value>',
    );
    t.strictSame(await general(ranged), ['0', 'DATE_OF_BIRTH_MISSING'], 'only @value is a date of birth here');
    const two = crossCheckQuery(PLAIN, '19890620').replace(/<person.id>.*<\/person.id>/, (id) => id + id);
    t.strictSame(await general(two), ['0', 'MISSING_NHS_NUMBER'], 'one number is checked');
  });

  t.test('confirm says whose number it is', async (t) => {
    const reply = await ask(spine, 'QUPA_IN000016UK02', confirmQuery(PLAIN));
    t.match(reply, { interaction: 'QUPA_IN000010UK02', response: 'OK' });
    t.equal(reply.subject?.local, 'PdsNhsNumberConfirmation');
    t.equal(reply.subject?.find('family')?.text, 'Fennelmere');
    const sensitive = await ask(spine, 'QUPA_IN000016UK02', confirmQuery('9996470008'));
    t.strictSame(
      sensitive.reasons.map((reason) => reason.split(' ')[0]),
      ['9', '24'],
      'as a retrieval warns',
    );
    t.equal(sensitive.subject?.find('confidentialityCode')?.attr('code'), 'S');
    const dead = await ask(spine, 'QUPA_IN000016UK02', confirmQuery('9996110001'));
    t.match(dead.subject?.find('deceasedTime')?.attr('value'), /^\d{12}$/);
    t.equal(dead.subject?.find('deathNotification')?.child('value')?.attr('code'), '2');
    const unknown = await ask(spine, 'QUPA_IN000016UK02', confirmQuery('9999999468'));
    t.strictSame(unknown.reasons, ['1 NHS Number Not Found ER', 'NHSNCC002 NHS Number Not Found ER']);
    const { patients } = spine.environment.core.spaces.default.world;
    const old = (await patients.find({})).find(({ oldStyleNumbers }) => oldStyleNumbers?.length)!;
    const byOld = await ask(
      spine,
      'QUPA_IN000016UK02',
      confirmQuery(old.oldStyleNumbers![0]!, '2.16.840.1.113883.2.1.3.2.4.3'),
    );
    t.equal(numberOf(byOld), old.nhsNumber);
  });

  t.test(
    'every patient of the world can be retrieved in every generation, as a document that others read',
    async (t) => {
      const { patients } = spine.environment.core.spaces.default.world;
      const texts: string[] = [];
      // Invalidated, superseded by that one, and two that supersede each other.
      const leadNowhere = ['9996190005', '9996460002', '9996590003', '9996600009'];
      for (const { nhsNumber } of await patients.list()) {
        for (const interaction of ['QUPA_IN000008UK02', 'QUPA_IN040000UK32', 'QUPA_IN000008UK05']) {
          const reply = await ask(spine, interaction, retrievalQuery(nhsNumber, { historic: '1' }));
          if (!leadNowhere.includes(nhsNumber) && reply.response !== 'OK')
            t.fail(`${nhsNumber} ${interaction} ${reply.reasons}`);
          texts.push(reply.text.replace(/^<\?xml.*\?>\n/, ''));
        }
      }
      t.ok(texts.length > 150);
      if (spawnSync('xmllint', ['--version']).status === 0 || process.env.CI) {
        const input = `<all>${texts.join('')}</all>`;
        const checked = spawnSync('xmllint', ['--huge', '--noout', '-'], { input, encoding: 'utf8' });
        t.equal(checked.status, 0, checked.stderr);
      }
    },
  );
});

t.test('settings choose what the public documents leave open', async (t) => {
  const spine = await startSpine(t, { pds: { crossCheck: 'dateOnly' } });
  const name = '<given>Bri</given><family>Fennel</family>';
  const reply = await ask(spine, 'QUPA_IN000014UK01', crossCheckQuery(PLAIN, '19890621', name));
  t.match(reply.reasons[0], /^40 /, 'no name makes up for a date');
  t.equal((await ask(spine, 'QUPA_IN000014UK01', crossCheckQuery(PLAIN, '19890620'))).response, 'OK');
});

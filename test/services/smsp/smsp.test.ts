import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { startSpine } from '../../helper.ts';

const HOST = 'simple-sync.dev.spine2.ncrs.nhs.uk';
const NHS = '2.16.840.1.113883.2.1.4.1';

interface QueryText {
  born?: string;
  number?: string;
  root?: string;
  given?: string;
  family?: string;
  gender?: string;
  postcode?: string;
  local?: string;
}

const item = (name: string, value: string) =>
  `<Person.${name}>${value}<semanticsText>Person.${name}</semanticsText></Person.${name}>`;

function queryEvent(q: QueryText): string {
  const parts = [
    q.born && item('DateOfBirth', `<value value="${q.born}"/>`),
    q.gender && item('Gender', `<value code="${q.gender}" codeSystem="2.16.840.1.113883.2.1.3.2.4.16.25"/>`),
    q.local && item('LocalIdentifier', `<value root="2.16.840.1.113883.2.1.3.2.4.18.24" extension="${q.local}"/>`),
    q.number && item('NHSNumber', `<value root="${q.root ?? NHS}" extension="${q.number}"/>`),
    q.family &&
      item('Name', `<value>${q.given ? `<given>${q.given}</given>` : ''}<family>${q.family}</family></value>`),
    q.postcode && item('Postcode', `<value><postalCode>${q.postcode}</postalCode></value>`),
  ];
  return `<queryEvent>${parts.filter(Boolean).join('')}</queryEvent>`;
}

function message(service: string, root: string, content: string, count = 1): string {
  return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:itk="urn:nhs-itk:ns:201005"><soap:Header>
<wsa:MessageID>7D0C6C1E-3F4A-4B8E-9A55-000000000001</wsa:MessageID><wsa:Action>urn:nhs-itk:services:201005:${service}</wsa:Action></soap:Header>
<soap:Body><itk:DistributionEnvelope><itk:header service="urn:nhs-itk:services:201005:${service}" trackingid="7D0C6C1E-3F4A-4B8E-9A55-000000000003">
<itk:auditIdentity><itk:id type="1.2.826.0.1285.0.2.0.107" uri="200000000901"/></itk:auditIdentity>
<itk:manifest count="${count}"><itk:manifestitem id="uuid_1" mimetype="text/xml" profileid="urn:nhs-en:profile:${root}"/></itk:manifest></itk:header>
<itk:payloads count="${count}"><itk:payload id="uuid_1"><${root} xmlns="urn:hl7-org:v3" classCode="CACT" moodCode="EVN">
<id root="7D0C6C1E-3F4A-4B8E-9A55-000000000005"/><code code="${root}" codeSystem="2.16.840.1.113883.2.1.3.2.4.17.284"/>${content}</${root}></itk:payload></itk:payloads></itk:DistributionEnvelope></soap:Body></soap:Envelope>`;
}

const ORIANE = {
  nhsNumber: '9996110745',
  scn: 1,
  gender: '2',
  dateOfBirth: '19840229',
  names: [{ use: 'L', prefix: 'Ms', given: ['Oriane', 'Fay', 'Third'], family: 'Quillfeather', from: '2019-04-01' }],
  addresses: [
    { use: 'H', lines: ['', '14 Lantern Row', '', 'Testbridge', ''], postcode: 'ZZ99 3VZ', from: '2019-04-01' },
    {
      use: 'TMP',
      lines: ['Room 3', '2 Gorse Lane', '', 'Mockham', ''],
      postcode: 'ZZ99 3WZ',
      from: '2019-01-01',
      to: '2019-06-30',
    },
  ],
  telecoms: [
    { use: 'HP', value: 'tel:01632960001', from: '2019-04-01' },
    { use: 'EC', value: 'mailto:o.q@example.test', from: '2019-04-01' },
  ],
  gp: { ods: 'Z99901', from: '2019-04-01' },
};

t.test('mini services over the front door', async (t) => {
  const spine = await startSpine(t);
  const put = async (patient: object) => {
    const answer = await spine.admin('POST', '/api/world/patients', patient);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  };
  await put(ORIANE);
  const copy = (nhsNumber: string, change: object) => put({ ...ORIANE, nhsNumber, ...change });
  await copy('9996112225', { names: [{ use: 'L', given: ['Tobin'], family: 'Marlstone' }], confidentiality: 'S' });
  await copy('9996112594', { names: [{ use: 'L', given: ['Ada'], family: 'Oldmere' }], supersededBy: '9996110745' });
  await copy('9996111482', { names: [{ use: 'L', given: ['Ivo'], family: 'Gone' }], invalid: true });
  const send = (body: string, headers: Record<string, string> = { 'Content-Type': 'text/xml' }) =>
    spine.ask(HOST, { path: '/smsp/pds', body, headers });
  const code = (text: string) =>
    /codeSystem="2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.17\.285" code="([^"]+)"/.exec(text)?.[1];
  const verify = (q: QueryText) => send(message('verifyNHSNumber-v1-0', 'verifyNHSNumberRequest-v1-0', queryEvent(q)));

  t.test('verifyNHSNumber says yes in the wire form that real clients parse', async (t) => {
    const answer = await verify({ born: '19840229', number: '9996110745' });
    t.equal(answer.status, 200);
    t.equal(answer.headers['content-type'], 'text/xml');
    t.equal(answer.headers['content-length'], String(answer.body.length));
    t.ok(answer.text.startsWith("<?xml version='1.0' encoding='UTF-8'?><soap:Envelope"));
    const payload = /<verifyNHSNumberResponse-v1-0.*<\/verifyNHSNumberResponse-v1-0>/.exec(answer.text)![0];
    t.equal(
      payload.replace(/root="[0-9A-F-]{36}"/, 'root="ID"'),
      '<verifyNHSNumberResponse-v1-0 xmlns="urn:hl7-org:v3" moodCode="EVN" classCode="OBS"><id root="ID"/>' +
        '<code codeSystem="2.16.840.1.113883.2.1.3.2.4.17.284" code="verifyNHSNumberResponse-v1-0"/>' +
        '<value codeSystem="2.16.840.1.113883.2.1.3.2.4.17.285" code="SMSP-0000"/><component typeCode="COMP">' +
        '<validIdentifier moodCode="EVN" classCode="OBS"><code codeSystem="2.16.840.1.113883.2.1.3.2.4.17.287" code="VI"/>' +
        '<value value="true"/><subject typeCode="SBJ"><patient classCode="PAT"><id root="2.16.840.1.113883.2.1.4.1" extension="9996110745"/>' +
        '</patient></subject></validIdentifier></component></verifyNHSNumberResponse-v1-0>',
    );
    const header = parseXml(answer.body).child('Header')!;
    t.same(
      header.children().map((block) => block.local),
      ['MessageID', 'Action'],
      'the header has these two and no more',
    );
    t.equal(header.textAt('Action'), 'urn:nhs-itk:services:201005:verifyNHSNumber-v1-0Response');
  });

  t.test('verifyNHSNumber refuses with the code of each cause, and without a component', async (t) => {
    const cases: [QueryText, string][] = [
      [{ born: '19840301', number: '9996110745' }, 'DEMOG-0040'],
      [{ born: '19840229', number: '9996110746' }, 'SMSP-0001'],
      [{ born: '19840229', number: '9999999999' }, 'DEMOG-0001'],
      [{ born: '19840229', number: '9996111482' }, 'DEMOG-0022'],
      [{ born: '19840229', number: '9996110745', root: '2.16.840.1.113883.2.1.3.2.4.3' }, 'DEMOG-0042'],
      [{ born: '1984', number: '9996110745' }, 'SMSP-0001'],
      [{ born: '19840229' }, 'SMSP-0001'],
      [{ born: 'yesterday', number: '9996110745' }, 'SMSP-0001'],
      [{ born: '19840229', number: '9996110745', gender: '2' }, 'SMSP-0001'],
      [{ born: '19840229', number: '99961' }, 'DEMOG-0042'],
    ];
    for (const [query, wanted] of cases) {
      const answer = await verify(query);
      t.equal(answer.status, 200);
      t.equal(code(answer.text), wanted, JSON.stringify(query));
      t.notOk(answer.text.includes('<component'));
    }
    const merged = await verify({ born: '19840229', number: '9996112594' });
    t.equal(code(merged.text), 'DEMOG-0017');
    t.match(merged.text, 'extension="9996110745"', 'the successor is in the answer');
  });

  t.test('an item that is there and says nothing, came twice or is of another namespace is refused', async (t) => {
    const good = { born: '19840229', number: '9996110745' };
    const text = message('verifyNHSNumber-v1-0', 'verifyNHSNumberRequest-v1-0', queryEvent(good));
    const number = item('NHSNumber', `<value root="${NHS}" extension="9996110745"/>`);
    const search = { born: '19840229', gender: '2', given: 'Oriane', family: 'Quillfeather' };
    const get = message('getNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent(search));
    const local = message('getNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent({ ...search, local: 'MRN' }));
    const gender = /<value code="2" codeSystem="[^"]*"\/>/;
    const cases: [body: string, why: RegExp][] = [
      [text.replace(' extension="9996110745"', ''), /NHSNumber\/value has no extension/],
      [text.replace(number, number + number), /Person.NHSNumber came 2 times/],
      [text.replace('<Person.NHSNumber>', '<Person.NHSNumber xmlns="">'), /in the namespace "", not urn:hl7-org:v3/],
      [text.replace(/<value value="19840229"\/>/, ''), /Person.DateOfBirth has no value/],
      [get.replace(gender, '<value/>'), /"" is not a gender/],
      [get.replace('<given>Oriane</given>', ''), /the given name is missing/],
      [get.replace('</family>', '</family><family>Other</family>'), /Person.Name has 2 family names/],
      [local.replace(/ extension="MRN"/, ''), /Person.LocalIdentifier\/value has no extension/],
      [local.replace(/ root="[^"]*18.24"/, ''), /Person.LocalIdentifier\/value has no root/],
    ];
    for (const [body, why] of cases) {
      const answer = await send(body);
      t.equal(code(answer.text), 'SMSP-0001', String(why));
      const { entries } = (await spine.admin('GET', '/api/journal?service=smsp&limit=1')).body;
      t.match(entries[0].error.message, why);
    }
    for (const [body, why] of [
      [text.replace('xmlns="urn:hl7-org:v3"', 'xmlns="urn:other"'), /the payload is in the namespace "urn:other"/],
      [text.replace('<itk:manifestitem ', '<itk:manifestitem base64="true" '), /says that the payload is base64/],
      [text.replace('<itk:manifestitem ', '<itk:manifestitem compressed="1" '), /says that the payload is compressed/],
    ] as const) {
      const answer = await send(body);
      t.equal(answer.status, 500);
      t.match(parseXml(answer.body).find('ErrorDiagnosticText')?.text, why);
    }
  });

  t.test('the journal says whom a search may have meant, and what of an envelope was read over', async (t) => {
    const last = async () => {
      const { entries } = (await spine.admin('GET', '/api/journal?service=smsp&limit=1')).body;
      return (await spine.admin('GET', `/api/journal/${entries[0].id}`)).body;
    };
    const ask = (q: QueryText) => send(message('getNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent(q)));
    await ask({ born: '19840229', gender: '1', given: 'Oriane', family: 'Quillfeather' });
    t.strictSame((await last()).nearMisses, [
      { kind: 'patient', candidate: '9996110745', reason: 'fits but for the gender (2)' },
    ]);
    await ask({ born: '19840229', gender: '2', given: 'Oriane', family: 'Q*' });
    t.match((await last()).error.message, /the wildcard of Q\* needs 2 characters before it/);
    await verify({ born: '19840229', number: '9996460002' });
    t.match((await last()).error.message, /9996460002 is superseded by 9996190005, which was invalidated/);
    const good = message(
      'verifyNHSNumber-v1-0',
      'verifyNHSNumberRequest-v1-0',
      queryEvent({ born: '19840229', number: '9996110745' }),
    );
    const odd = good
      .replace('profile:verifyNHSNumberRequest', 'profile:getNHSNumberRequest')
      .replace('<wsa:Action>urn:nhs-itk:services:201005:verify', '<wsa:Action>urn:nhs-itk:services:201005:get')
      .replace('trackingid="7D0C', 'trackingid="7d0c');
    t.equal(code((await send(odd)).text), 'SMSP-0000');
    const steps = (await last()).steps.filter(({ outcome }: { outcome: string }) => outcome === 'info');
    t.match(steps, [{ detail: /profileid/ }, { detail: /wsa:Action/ }, { detail: /trackingid/ }]);
    const search = { born: '19840229', gender: '2', given: 'Oriane', family: 'Quillfeather', local: 'MRN' };
    const get = message('getNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent(search));
    const foreign = get.replace(/ codeSystem="[^"]*16.25"/, '').replace('2.4.18.24', '2.4.18.1');
    t.equal(code((await send(foreign)).text), 'SMSP-0000');
    const told = (await last()).steps.filter(({ outcome }: { outcome: string }) => outcome === 'info');
    t.match(told, [
      { detail: /Person.Gender has the codeSystem "", not 2.*16.25/ },
      { detail: /Person.LocalIdentifier has the root 2.*18.1, not 2.*18.24/ },
    ]);
  });

  t.test('a header block that must be understood and is not known is SOAP’s own fault', async (t) => {
    const good = message(
      'verifyNHSNumber-v1-0',
      'verifyNHSNumberRequest-v1-0',
      queryEvent({ born: '19840229', number: '9996110745' }),
    );
    const withBlock = (block: string) => send(good.replace('</soap:Header>', `${block}</soap:Header>`));
    const trace = (attributes: string) => `<x:Trace xmlns:x="urn:x" ${attributes}>1</x:Trace>`;
    for (const attributes of [
      'soap:mustUnderstand="1"',
      'soap:mustUnderstand="1" soap:actor="http://schemas.xmlsoap.org/soap/actor/next"',
    ]) {
      const { status, headers, body } = await withBlock(trace(attributes));
      t.match({ status, type: headers['content-type'] }, { status: 500, type: 'text/xml' });
      const fault = parseXml(body).descend('Body/Fault')!;
      t.equal(fault.textAt('faultcode'), 'soap:MustUnderstand');
      t.match(fault.textAt('faultstring'), 'the header block Trace of the namespace "urn:x" must be understood');
      t.equal(fault.child('detail'), undefined, 'that is for the body');
      const { entries } = (await spine.admin('GET', '/api/journal?service=smsp&limit=1')).body;
      t.match(entries[0].error, { code: 'MustUnderstand', message: /Trace/ });
    }
    const fine = [
      trace(''),
      trace('soap:mustUnderstand="0"'),
      trace('mustUnderstand="1"'),
      trace('soap:mustUnderstand="1" soap:actor="urn:somebody:else"'),
      '<wsa:ReplyTo soap:mustUnderstand="1"><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>',
      '<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" soap:mustUnderstand="1"/>',
    ];
    for (const block of fine) t.equal(code((await withBlock(block)).text), 'SMSP-0000', block);
  });

  t.test('a doubtful date of birth is verified with the help of the name', async (t) => {
    const answer = await verify({ born: '19840228', number: '9996110745', given: 'Olga', family: 'Quilter' });
    t.equal(code(answer.text), 'SMSP-0000');
    const other = await verify({ born: '19840228', number: '9996110745', given: 'Olga', family: 'Smith' });
    t.equal(code(other.text), 'DEMOG-0040');
  });

  t.test('getNHSNumber finds one, none, several; echoes the local identifier', async (t) => {
    const ask = (q: QueryText) => send(message('getNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent(q)));
    const base = { born: '19840229', gender: '2', given: 'oriane', family: "QUILL'FEATHER" };
    const found = await ask({ ...base, local: 'MRN1:Z9901' });
    t.equal(code(found.text), 'SMSP-0000');
    t.match(
      found.text,
      /<patient classCode="PAT"><id root="[^"]+" extension="9996110745"\/><id root="[^"]+18\.24" extension="MRN1:Z9901"\/>/,
    );
    t.equal(code((await ask({ ...base, born: '1984' })).text), 'SMSP-0000', 'a part of the date will do here');
    t.equal(code((await ask({ ...base, postcode: 'zz993vz' })).text), 'SMSP-0000');
    t.equal(
      code((await ask({ ...base, postcode: 'ZZ99 3WZ' })).text),
      'DEMOG-0001',
      'an address that has ended does not count',
    );
    t.equal(code((await ask({ ...base, gender: '1' })).text), 'DEMOG-0001');
    const second = (given: string) =>
      send(
        message('getNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent(base)).replace(
          '</given>',
          `</given><given>${given}</given>`,
        ),
      );
    t.equal(code((await second('fay')).text), 'SMSP-0000');
    t.equal(code((await second('Zora')).text), 'DEMOG-0001', 'a second given name counts too');
    await copy('9996110753', {});
    const twins = await ask(base);
    t.equal(code(twins.text), 'DEMOG-0007');
    const { entries } = (await spine.admin('GET', '/api/journal?service=smsp&limit=1')).body;
    t.equal(entries[0].error.message, '2 people fit: 9996110745, 9996110753', 'the journal says which');
    await spine.admin('DELETE', '/api/world/patients/9996110753');
  });

  t.test('getPatientDetails shows what holds today, and a sensitive record without where it lives', async (t) => {
    const ask = (q: QueryText) =>
      send(message('getPatientDetailsByNHSNumber-v1-0', 'getPatientDetailsByNHSNumberRequest-v1-0', queryEvent(q)));
    const answer = await ask({ born: '19840229', number: '9996110745' });
    const patient = parseXml(answer.body).find('patient');
    t.equal(code(answer.text), 'SMSP-0000');
    t.same(
      patient!.children().map((e) => `${e.local}${e.attr('use') ?? ''}`),
      ['id', 'nameL', 'addrH', 'telecomHP', 'telecomH', 'patientPerson'],
    );
    t.equal(patient!.child('name')!.children('given').length, 2, 'two given names at most');
    t.same(
      patient!
        .child('addr')!
        .children()
        .map((e) => e.local),
      ['postalCode', ...Array(5).fill('streetAddressLine')],
    );
    t.match(answer.text, /<gPPractice classCode="SDLOC">.*extension="Z99901"/);
    const practice = spine.environment.core.spaces.default.world.organisations.get('Z99901')!;
    const lines = parseXml(answer.body).find('gPPractice')!.child('addr')!.children('streetAddressLine');
    t.strictSame(
      lines.map((line) => line.text),
      [practice.name, ...practice.address.slice(1)],
      'the name in the free first line, street and town in their own',
    );
    const sensitive = await ask({ born: '19840229', number: '9996112225' });
    t.equal(code(sensitive.text), 'SMSP-0000');
    t.notMatch(sensitive.text, /<addr|<telecom|gPPractice/);
  });

  t.test('a broken or foreign message is a fault with ToolkitErrorInfo, and the next one is served', async (t) => {
    const bad: [string, string | Buffer][] = [
      ['not XML', 'hello'],
      ['empty', ''],
      [
        'cut off',
        message('verifyNHSNumber-v1-0', 'verifyNHSNumberRequest-v1-0', queryEvent({ born: '19840229' })).slice(0, 500),
      ],
      ['entity bomb', '<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>'],
      ['deep', '<a>'.repeat(5000) + '</a>'.repeat(5000)],
      ['no envelope', '<a/>'],
      ['wrong counts', message('verifyNHSNumber-v1-0', 'verifyNHSNumberRequest-v1-0', queryEvent({}), 2)],
      ['service and payload differ', message('verifyNHSNumber-v1-0', 'getNHSNumberRequest-v1-0', queryEvent({}))],
      ['unknown service', message('verifyShoeSize-v1-0', 'verifyShoeSizeRequest-v1-0', queryEvent({}))],
      ['misspelt service', message('getPatientDetail-v1-0', 'getPatientDetails-v1-0', queryEvent({}))],
      ['binary', Buffer.from([0, 255, 254, 1, 2, 3])],
      ['too large', Buffer.alloc(600 * 1024, 0x20)],
    ];
    for (const [what, body] of bad) {
      const answer = await send(body as string);
      t.equal(answer.status, 500, what);
      t.equal(answer.headers['content-type'], 'text/xml', what);
      const fault = parseXml(answer.body).descend('Body/Fault')!;
      t.equal(fault.textAt('detail/ToolkitErrorInfo/ErrorCode'), '1000', what);
      t.notMatch(answer.text, /at .*\.ts/, 'no stack');
    }
    t.equal((await verify({ born: '19840229', number: '9996110745' })).status, 200);
    const { body } = await spine.admin('GET', '/api/journal?service=smsp&outcome=refused&limit=1000');
    const about = (name: RegExp) =>
      body.entries.find((entry: { error: { message: string } }) => name.test(entry.error.message));
    t.equal(about(/getPatientDetail-/).nearMisses[0].candidate, 'getPatientDetails-v1-0', 'the nearest first');
    const unknown = about(/verifyShoeSize/);
    t.equal(unknown.nearMisses.length, 5, 'the journal names the services that there are');
  });

  t.test('another path or method is answered as nginx does', async (t) => {
    t.equal((await spine.ask(HOST, { path: '/smsp/pds' })).status, 405);
    t.equal((await spine.ask(HOST, { path: '/smsp/other', body: 'x' })).status, 404);
    t.equal((await spine.ask(HOST, { path: '/elsewhere' })).status, 404);
  });

  t.test('the journal tells steps, identity and patient', async (t) => {
    await verify({ born: '19840229', number: '9996110745' });
    const { body } = await spine.admin('POST', '/api/verify', {
      service: 'smsp',
      nhsNumber: '9996110745',
      asid: '200000000901',
    });
    t.equal(body.satisfied, true);
    const entry = (await spine.admin('GET', `/api/journal/${body.matched[0].id}`)).body;
    t.same(
      entry.steps.map((step: { name: string }) => step.name),
      ['envelope', 'service', 'query', 'outcome'],
    );
    t.match(entry.request.body.text, 'DistributionEnvelope');
  });
});

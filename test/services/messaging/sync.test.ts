import { spawnSync } from 'node:child_process';
import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { QUERY_FAILURE, SOAP_FAULT } from '../../core/wire.ts';
import { type Answer, type Spine, startSpine } from '../../helper.ts';
import { CLIENT, HOST, retrievalQuery, SPINE, soapAction, syncRequest, UUID } from './requests.ts';

const post = (
  spine: Spine,
  body: string | Buffer,
  headers: Record<string, string> = soapAction(),
  path = '/sync-service',
) => spine.ask(HOST, { path, headers, body, method: 'POST' });

/** The journal's newest entry, with its steps. */
async function lastEntry(spine: Spine) {
  const { body } = await spine.admin('GET', '/api/journal?limit=1');
  return (await spine.admin('GET', `/api/journal/${body.entries[0].id}`)).body;
}

function faultOf({ text }: Answer) {
  const error = parseXml(text).find('error');
  const values = ['codeContext', 'errorCode', 'severity', 'location', 'description'];
  t.strictSame(
    error?.children().map(({ local }) => local),
    values,
    'all five fields in their order',
  );
  return Object.fromEntries(values.map((name) => [name, error!.textAt(name)]));
}

function rejectCode({ text }: Answer): string | undefined {
  const root = parseXml(text);
  t.equal(root.name, 'SOAP:Envelope');
  const acknowledgement = root.find('acknowledgement');
  t.equal(acknowledgement?.attr('typeCode'), 'AR');
  return acknowledgement?.descend('acknowledgementDetail/code')?.attr('code');
}

t.test('the synchronous service', async (t) => {
  const spine = await startSpine(t);

  t.test('answers with exactly the headers that clients compare', async (t) => {
    const { cert, key } = await spine.issue('mhs.z99901.example.test');
    const answer = await spine.ask(HOST, {
      path: '/sync-service',
      headers: soapAction(),
      body: syncRequest(),
      cert,
      key,
    });
    t.equal(answer.status, 200);
    const names = answer.rawHeaders.filter((_, index) => index % 2 === 0);
    t.strictSame(names, ['Server', 'Date', 'Content-Type', 'Content-Length', 'Connection']);
    t.equal(answer.headers.server, 'nginx');
    t.equal(answer.headers['content-type'], 'text/xml');
    t.equal(answer.headers['content-length'], String(answer.body.length));
    t.equal(answer.headers.connection, 'close');
    const kept = await post(spine, syncRequest(), { ...soapAction(), Connection: 'keep-alive' });
    t.equal(kept.headers.connection, 'keep-alive', 'a client that asks for it keeps its connection');
  });

  t.test('puts addresses, ids and systems of the request where they belong', async (t) => {
    const id = '5B1C0F4E-0001-4A6B-9C11-00000000A00B';
    const answer = await post(spine, syncRequest({ id, wsaFrom: '10.0.0.9' }));
    const root = parseXml(answer.text);
    t.equal(root.name, 'SOAP-ENV:Envelope');
    const header = root.child('Header')!;
    const order = [
      'MessageID',
      'Action',
      'To',
      'From',
      'communicationFunctionRcv',
      'communicationFunctionSnd',
      'RelatesTo',
    ];
    t.strictSame(
      header.children().map(({ local }) => local),
      order,
    );
    t.equal(header.textAt('RelatesTo'), `uuid:${UUID}`);
    t.equal(header.textAt('To'), '10.0.0.9');
    t.equal(header.textAt('From/Address'), 'urn:nhs:names:services:pdsquery');
    t.equal(header.descend('communicationFunctionRcv/device/id')?.attr('extension'), CLIENT);
    t.equal(header.descend('communicationFunctionSnd/device/id')?.attr('extension'), SPINE);
    const message = root.descend('Body/retrievalQueryResponse/QUPA_IN000009UK03')!;
    t.equal(`uuid:${message.child('id')?.attr('root')}`, header.textAt('MessageID'));
    t.equal(message.descend('acknowledgement/messageRef/id')?.attr('root'), id);
  });

  t.test('a query failure is what Spine sends, character for character, ids and time apart', async (t) => {
    const { text } = await post(spine, syncRequest({ act: retrievalQuery('9999999468') }));
    const message = /<QUQI_IN010000UK14>.*<\/QUQI_IN010000UK14>/.exec(text)![0];
    const same = (written: string) =>
      written
        .replace(' xmlns="urn:hl7-org:v3"', '')
        .replace(/\s*\n\s*/g, '')
        .replace(/<id root="[0-9A-F-]{36}"\/><creationTime value="\d+"\/>/, '')
        .replaceAll(/90000000000\d|900000000099|200000000901|928942012545/g, 'ASID')
        .replace('ST004', 'RT003');
    t.equal(same(message), same(QUERY_FAILURE));
  });

  t.test('takes requests as real clients send them', async (t) => {
    const ok = async (name: string, sent: Promise<Answer>) => {
      const answer = await sent;
      t.ok(answer.status === 200 && answer.text.includes('queryResponseCode code="OK"'), name);
    };
    const action = soapAction().SOAPAction;
    await ok(
      'a form content type',
      post(spine, syncRequest(), { SOAPAction: action, 'Content-Type': 'application/x-www-form-urlencoded' }),
    );
    await ok('a quoted SOAPAction', post(spine, syncRequest(), { SOAPaction: `"${action}"` }));
    await ok('no SOAPAction', post(spine, syncRequest(), {}));
    await ok('another prefix', post(spine, syncRequest().replaceAll('SOAP-ENV', 'soap')));
    await ok('the own ASID as receiver', post(spine, syncRequest({ to: CLIENT })));
    await ok('a receiver that is not twelve digits', post(spine, syncRequest({ to: 'YES-0000806' })));
    await ok('UTF-16', post(spine, Buffer.from(`\ufeff${syncRequest()}`, 'utf16le')));
    await ok('the same query again', post(spine, syncRequest()));
    for (const path of ['/syncservice-pds/pds', '/syncservice', '/syncservice-lrs/acf']) {
      await ok(path, post(spine, syncRequest(), soapAction(), path));
    }
  });

  t.test('answers what is no message with the fault 201', async (t) => {
    const envelope = syncRequest();
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>${envelope.replace('person.allData', '&b;')}`;
    const bodies: [name: string, body: string | Buffer, location: string][] = [
      ['nothing', '', 'Envelope'],
      ['a truncated message', envelope.slice(0, -30), 'Envelope'],
      ['no XML', 'NHS', 'Envelope'],
      ['JSON', '{"resourceType":"Patient"}', 'Envelope'],
      ['an entity bomb', bomb, 'Envelope'],
      ['an external entity', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${envelope}`, 'Envelope'],
      ['deep nesting', '<a>'.repeat(100_000), 'Envelope'],
      [
        'another encoding than it says',
        Buffer.concat([
          Buffer.from('<?xml version="1.0" encoding="UTF-8"?><a>'),
          Buffer.from([0xc3, 0x28]),
          Buffer.from('</a>'),
        ]),
        'Envelope',
      ],
      ['random bytes', Buffer.from([0, 1, 2, 255, 254, 0, 60, 0]), 'Envelope'],
      ['no Envelope', '<a/>', 'soapEnvelopeCount'],
      ['no Header', envelope.replace(/<SOAP-ENV:Header>[\s\S]*<\/SOAP-ENV:Header>/, ''), 'soapHeaderCount'],
      ['no Body', envelope.replace(/<SOAP-ENV:Body>[\s\S]*<\/SOAP-ENV:Body>/, ''), 'soapBodyCount'],
      [
        'an empty Body',
        envelope.replace(/<SOAP-ENV:Body>[\s\S]*<\/SOAP-ENV:Body>/, '<SOAP-ENV:Body/>'),
        'soapBodyCount',
      ],
    ];
    for (const [name, body, location] of bodies) {
      const answer = await post(spine, body);
      t.equal(answer.status, 500, name);
      t.equal(answer.headers['content-type'], 'text/xml');
      t.strictSame(faultOf(answer), {
        codeContext: 'urn:nhs:names:error:tms',
        errorCode: '201',
        severity: 'Error',
        location,
        description: 'The message is not well formed',
      });
    }
    t.equal((await post(spine, '<a')).text, SOAP_FAULT, 'character for character');
    const large = await post(spine, Buffer.alloc(6 * 1024 * 1024, 0x20));
    t.equal(large.status, 500, '6 MiB');
    t.equal(faultOf(large).errorCode, '201');
    t.equal((await post(spine, syncRequest())).status, 200, 'and goes on');
  });

  t.test('answers an unknown interaction with the fault 101 and says what is nearest', async (t) => {
    const asked = { interaction: 'QUPA_IN000008UK09' };
    const answer = await post(spine, syncRequest(asked), soapAction(asked));
    t.equal(answer.status, 500);
    t.match(faultOf(answer), {
      codeContext: 'urn:nhs:names:errors:tms',
      errorCode: '101',
      location: 'HTTP Header - SOAPAction',
      description: 'The service/interaction is not supported for the requested URI',
    });
    t.match(answer.text, '<faultcode>SOAP:Client</faultcode>');
    const entry = await lastEntry(spine);
    t.equal(entry.outcome, 'refused');
    t.match(entry.nearMisses[0], { kind: 'interaction', candidate: /pdsquery:QUPA_IN000008UK0[25]/ });
    const express = { interaction: 'QUPA_IN000006UK02' };
    t.equal(faultOf(await post(spine, syncRequest(express), soapAction(express))).errorCode, '101', 'one of ebXML');
    t.match((await lastEntry(spine)).nearMisses[0].reason, /express.*reliablemessaging\/queryrequest/);
  });

  t.test('rejects header and wrapper with the code of the first check that fails', async (t) => {
    const sent = syncRequest();
    const cases: [name: string, code: string, body: string][] = [
      ['SOAP_MESSAGE_ID_ERROR', '516', sent.replace(`uuid:${UUID}`, UUID)],
      ['SOAP_ACTION_ERROR', '515', sent.replace(/<wsa:Action>.*<\/wsa:Action>/, '')],
      ['SOAP_TO_ERROR', '1000', sent.replace(/<wsa:To>.*<\/wsa:To>/, '<wsa:To/>')],
      ['SOAP_COMM_FUNC_RCV_ERROR', '506', sent.replaceAll('hl7:communicationFunctionRcv', 'hl7:other')],
      ['SOAP_COMM_FUNC_SND_ERROR', '507', sent.replaceAll('hl7:communicationFunctionSnd', 'hl7:other')],
      ['INVALID_ID', '501', sent.replace(`<id root="${UUID}"/>`, '')],
      ['INVALID_CREATION_TIME', '502', sent.replace('20260301093000', 'today')],
      ['INVALID_VERSION_CODE', '503', sent.replace('code="3NPfIT6.3.01"', 'code=""')],
      ['INVALID_CONTROL_ACT', '504', sent.replaceAll('ControlActEvent', 'Other')],
      [
        'CONTROL_ACT_AUTHOR_INVALID',
        '508',
        sent.replace('1.2.826.0.1285.0.2.0.65" extension="555000000101"', '1.2.826.0.1285.0.2.0.65"'),
      ],
      ['CONTROL_ACT_AUTHOR_INVALID_CARDINALITY', '509', sent.replace(/<author1[\s\S]*<\/author1>/, '')],
      ['CONTROL_ACT_AUTHOR_AGENT_INVALID', '510', sent.replaceAll('agentSystemSDS', 'other')],
      ['CONTROL_ACT_QUERY_INVALID', '512', sent.replace(/<query>[\s\S]*<\/query>/, '')],
      ['CONTROL_ACT_QUERY_INVALID', '512', sent.replace('</query>', '</query><query/>')],
      [
        'INCONSISTENT_HL7_INTERACTION_ID',
        '515',
        sent.replace('extension="QUPA_IN000008UK02"', 'extension="QUPA_IN000005UK01"'),
      ],
      ['ACCESS_CONTROL_VIOLATION', '900', syncRequest({ from: '999999999999' })],
    ];
    for (const [name, code, body] of cases) {
      const answer = await post(spine, body);
      t.equal(answer.status, 200, name);
      t.equal(rejectCode(answer), code, name);
      t.equal((await lastEntry(spine)).error.code, name);
    }
    const action = { SOAPAction: 'urn:nhs:names:services:pdsquery/QUPA_IN000005UK01' };
    t.equal(rejectCode(await post(spine, sent, action)), '515', 'SOAPAction and wsa:Action differ');
  });

  t.test('refuses a system that is there but not accredited', async (t) => {
    const answer = await post(spine, syncRequest({ from: '200000000904' }));
    t.equal(rejectCode(answer), '900');
    t.match(answer.text, 'displayName="Access Control Violation"');
    t.match((await lastEntry(spine)).advice, /Add urn:nhs:names:services:pdsquery:QUPA_IN000008UK02/);
  });

  t.test('an ASID that is not known comes with the nearest one, and with systems that may send this', async (t) => {
    await post(spine, syncRequest({ from: '200000000999' }));
    const { nearMisses, advice } = await lastEntry(spine);
    t.match(advice, /endpoints list.*endpoints register/);
    const candidates = nearMisses.map((miss: { candidate: string }) => miss.candidate);
    t.ok(candidates.includes(CLIENT) || candidates.some((asid: string) => asid.startsWith('2000000009')));
    t.ok(nearMisses.some((miss: { reason: string }) => miss.reason.includes('pdsquery:QUPA_IN000008UK02')));
  });

  t.test('notes every check in the journal, in order', async (t) => {
    await post(spine, syncRequest());
    const { steps, outcome, identity } = await lastEntry(spine);
    t.equal(outcome, 'ok');
    t.strictSame(
      steps.slice(0, 3).map(({ name }: { name: string }) => name),
      ['MESSAGE_NOT_WELL_FORMED', 'ROUTE', 'SOAP_MESSAGE_ID_ERROR'],
    );
    t.match(identity, { asid: CLIENT, toAsid: SPINE, nhsNumber: '9996010007', user: '555000000101' });
  });

  t.test('says what it is not', async (t) => {
    const get = await spine.ask(HOST, { path: '/sync-service' });
    t.equal(get.status, 405);
    t.match(get.text, '<h1>405 Not Allowed</h1>');
    t.equal((await spine.ask(HOST, { path: '/healthcheck' })).status, 200);
  });

  t.test('an interaction without behaviour passes the checks and meets the default fault', async (t) => {
    const asked = { service: 'psisquery', interaction: 'QUPC_IN180000UK04', act: '<query><a/></query>' };
    const answer = await post(spine, syncRequest(asked), soapAction(asked));
    t.match(faultOf(answer), { errorCode: '200', location: 'Not Supported' });
    t.match((await lastEntry(spine)).advice, /add a rule/);
  });

  t.test('every answer is well formed for a parser of others', { skip: noXmllint() }, async (t) => {
    const answers = [
      syncRequest(),
      syncRequest({ act: retrievalQuery('9996020002', { historic: '1' }) }),
      syncRequest({ from: '1' }),
      '<a',
    ];
    for (const body of answers) {
      const { text } = await post(spine, body);
      const checked = spawnSync('xmllint', ['--noout', '-'], { input: text, encoding: 'utf8' });
      t.equal(checked.status, 0, checked.stderr);
    }
  });
});

t.test('rules know whom a query is about before it is answered', async (t) => {
  const spine = await startSpine(t);
  const rule = {
    name: 'one',
    when: { service: 'messaging', nhsNumber: '9996010007' },
    do: { answer: { status: 503 } },
  };
  t.equal((await spine.admin('POST', '/api/rules', rule)).status, 201);
  t.equal((await post(spine, syncRequest())).status, 503);
  t.equal((await post(spine, syncRequest({ act: retrievalQuery('9996020002') }))).status, 200);
});

t.test('the strict profile insists on what real clients get wrong', async (t) => {
  const spine = await startSpine(t, { messaging: { profile: 'eis', clientCertificate: 'optional' } });
  const wsaTo = 'https://msg.dev.spine2.ncrs.nhs.uk/sync-service';
  t.match((await post(spine, syncRequest({ wsaTo }))).text, 'queryResponseCode code="OK"');
  t.equal(rejectCode(await post(spine, syncRequest({ wsaTo }))), '202', 'a repeated HL7 id');
  const lower = syncRequest({ wsaTo, id: '5b1c0f4e-0001-4a6b-9c11-00000000a00c' });
  t.equal(rejectCode(await post(spine, lower)), '501', 'a UUID in lower case');
  const id = '5B1C0F4E-0001-4A6B-9C11-00000000A00D';
  const mixed = syncRequest({ wsaTo, id }).replace(
    `hl7:id root="1.2.826.0.1285.0.2.0.107" extension="${CLIENT}"`,
    'hl7:id root="1.2.826.0.1285.0.2.0.107" extension="200000000912"',
  );
  t.equal(rejectCode(await post(spine, mixed)), '507', 'different ASIDs in header and message');
});

t.test('a client without a certificate is refused as nginx does, where one is required', async (t) => {
  const spine = await startSpine(t, { messaging: { profile: 'opentest', clientCertificate: 'required' } });
  const refused = await post(spine, syncRequest());
  t.equal(refused.status, 400);
  t.match(refused.text, 'No required SSL certificate was sent');
  const { cert, key } = await spine.issue('mhs.z99901.example.test');
  const taken = await spine.ask(HOST, { path: '/sync-service', headers: soapAction(), body: syncRequest(), cert, key });
  t.equal(taken.status, 200);
});

/** Where the tool is missing the test is left out, but never in CI. */
function noXmllint(): string | false {
  if (process.env.CI || spawnSync('xmllint', ['--version']).status === 0) return false;
  return 'xmllint is not installed';
}

import t from 'tap';
import { parseXml } from '../../../server/core/xml/parse.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { CLIENT, HOST, soapAction, syncRequest } from '../messaging/requests.ts';
import { type Birth, insertBirth } from './births.ts';

const send = (spine: Spine, body: string) =>
  spine.ask(HOST, { path: '/sync-service', headers: { 'Content-Type': 'text/xml' }, body });

const retrieval = (spine: Spine) =>
  spine.ask(HOST, { path: '/sync-service', headers: soapAction({}), body: syncRequest({ act: undefined }) });

/** What an answer says: acknowledgement, and the code and text of the issue in header and body. */
function outcome(text: string) {
  const envelope = parseXml(Buffer.from(text));
  const header = envelope.child('Header')!;
  return {
    ack: header.find('acknowledgement')?.attr('typeCode'),
    ref: header.find('messageRef')?.child('id')?.attr('root'),
    codes: envelope.findAll('justifyingDetectedIssueEvent').map((issue) => issue.child('code')?.attr('code')),
    text: envelope.child('Body')!.find('queryResponseCode')?.attr('displayName'),
    detail: header.find('acknowledgementDetail')?.textAt('text'),
  };
}

t.test('a birth makes a patient whom PDS finds at once', async (t) => {
  const spine = await startSpine(t);
  const answer = await send(spine, insertBirth());
  t.equal(answer.status, 200, answer.text);
  t.equal(answer.headers['content-type'], 'text/xml');
  t.match(outcome(answer.text), { ack: 'AA', ref: 'NN4B-0001', codes: [] });
  t.match(answer.text, '<nasp2:extension>9997770013</nasp2:extension>');
  t.match(answer.text, `<id root="2.16.840.1.113883.2.1.3.2.4.10" extension="${CLIENT}"/>`, 'ASIDs under the old root');
  const { body } = await spine.admin('GET', '/api/world/patients/9997770013');
  t.match(body, {
    scn: 1,
    dateOfBirth: '202602280415',
    birthWeight: 3420,
    mother: '9996010007',
    gp: { ods: 'Z99901' },
    names: [{ use: 'L', given: ['Baby'], family: 'Fennelmere' }],
    addresses: [{ use: 'H', lines: ['', '132 Gorse Rise', '', 'Sampleton', ''], postcode: 'ZZ99 3VZ' }],
  });
  t.match((await retrieval(spine)).text, 'QUPA_IN000009UK03', 'and messages of the usual style go on as before');

  t.test('the same message again, and the same number again, are refused', async (t) => {
    const again = outcome((await send(spine, insertBirth())).text);
    t.match(again, { ack: 'AR', detail: 'Duplicate HL7 ID Error' });
    const known = outcome((await send(spine, insertBirth({ messageId: 'NN4B-0002' }))).text);
    t.match(known, { ack: 'AE', text: 'FAILED_DUE_TO_BUSINESS_VALIDATION_FAILURE' });
  });

  t.test('an id that is no NHS number gets one, another each time', async (t) => {
    const numbers = new Set<string | undefined>();
    for (const messageId of ['A', 'B']) {
      const { text } = await send(spine, insertBirth({ messageId, root: '2.16.840.1.113883.2.1.3.2.4.18.24' }));
      numbers.add(/<nasp2:extension>(9998\d{6})</.exec(text)?.[1]);
    }
    t.equal(numbers.size, 2);
    for (const number of numbers) t.equal((await spine.admin('GET', `/api/world/patients/${number}`)).status, 200);
  });
});

t.test('refusals', async (t) => {
  const spine = await startSpine(t);
  const whole = insertBirth();
  let count = 0;
  const without = (part: RegExp) => {
    const complete = insertBirth({ messageId: `without-${count++}` });
    const body = complete.replace(part, '');
    t.not(body, complete, `${part} is in the message`);
    return body;
  };
  const advice = async () =>
    (await spine.admin('GET', '/api/journal?service=messaging&limit=1&full=true')).body.entries[0].advice;

  t.test('a mandatory field of header or payload: GE007 to the sender, its name in the journal', async (t) => {
    const cases: [RegExp, RegExp][] = [
      [/<messageId>.*?<\/messageId>/, /soapHeaderCheck.messageId/],
      [/<toAC[^>]*>/, /soapHeaderCheck.toAC/],
      [/<babyTracing>.*?<\/babyTracing>/s, /rootCheck.babyTracing/],
      [/<personName>.*?<\/personName>/s, /rootCheck.personName/],
      [/<seniorPartnerName>.*?<\/seniorPartnerName>/, /rootCheck.patientCareProvisionSeniorPartner/],
      [/<gestationAge>.*?<\/gestationAge>/, /clinicalCheck.gestationAge/],
      [/<birthTime>.*?<\/birthTime>/, /patientCheck.birthTime/],
    ];
    for (const [part, location] of cases) {
      const answer = await send(spine, without(part));
      t.equal(answer.status, 200);
      t.match(outcome(answer.text), { ack: 'AE', codes: ['GE007', 'GE007'], text: 'GE007:Mandatory field missing' });
      t.match(await advice(), location);
    }
  });

  t.test('rules of the payload', async (t) => {
    const cases: [Birth, string][] = [
      [{ weight: '342' }, 'INVALID_BIRTH_WEIGHT'],
      [
        { extra: '<deathNotification><status>1</status></deathNotification>' },
        'NN4B_INSERT_BIRTH_DEATH_STATUS_INCONSISTENT',
      ],
      [{ number: '9997770014' }, 'INVALID_NHS_NUMBER'],
      [
        {
          extra: '<deathNotification><status>1</status></deathNotification>',
          deceased: '<deceasedTime><value>20260101</value></deceasedTime>',
        },
        'FAILED_DUE_TO_BUSINESS_VALIDATION_FAILURE',
      ],
    ];
    for (const [index, [birth, text]] of cases.entries()) {
      const answer = await send(spine, insertBirth({ ...birth, messageId: `rule-${index}` }));
      t.match(outcome(answer.text), { ack: 'AE', text }, text);
    }
    t.equal((await spine.admin('GET', '/api/world/patients/9997770013')).status, 404, 'nothing was kept');
  });

  t.test('a sender that is not accredited, and an interaction that nobody has', async (t) => {
    const access = await send(spine, insertBirth({ messageId: 'x', fromAsid: '200000000999' }));
    t.match(outcome(access.text), { ack: 'AR', detail: 'Access Control Violation' });
    const unknown = await send(spine, insertBirth({ interactionId: 'urn:spine:interactionid:other' }));
    t.equal(unknown.status, 500);
    t.match(unknown.text, '<nasp:errorCode>101</nasp:errorCode>');
    t.equal((await send(spine, whole.slice(0, 900))).status, 500, 'a message that breaks off is a fault');
    const empty = insertBirth({ messageId: 'empty' }).replace(/<servicePayload.*<\/servicePayload>/s, '<a/>');
    t.match(outcome((await send(spine, empty)).text), { ack: 'AE', text: 'GE007:Mandatory field missing' });
  });
});

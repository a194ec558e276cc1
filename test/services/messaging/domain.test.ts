import t from 'tap';
import type { InteractionRequest } from '../../../server/core/interactions/registry.ts';
import { type Spine, startSpine } from '../../helper.ts';
import { type EbxmlRequest, ebxmlRequest, HOST, hl7Message } from './requests.ts';
import { redirect, startSupplier } from './supplier.ts';

const PARTY = 'Z99901-0009901';
const OTHER = 'Z99902-0009912';
const OTHER_ASID = '200000000912';
const ACTION = 'REPC_IN150015UK05';

let count = 0;
const nextId = () => `0A11B5C0-0008-4000-8000-${String(++count).padStart(12, '0')}`;

function upload(spine: Spine, request: EbxmlRequest = {}) {
  const { handlers } = spine.environment.core.spaces.default.world;
  const { cpaId } = handlers.contract('YES-0000806', `urn:nhs:names:services:psis:${ACTION}`)!;
  return spine.ask(HOST, {
    path: '/reliablemessaging/reliablerequest',
    ...ebxmlRequest({ action: ACTION, cpaId, ...request }),
  });
}

t.test('a domain answers reliable messages and sends more', async (t) => {
  const spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  const { core } = spine.environment;
  const supplier = await startSupplier(t, { mode: 'sync' });
  await redirect(spine, PARTY, supplier.url);
  await redirect(spine, OTHER, supplier.url);
  const calls: InteractionRequest[] = [];
  let fails = 1;
  core.interactions.register({
    service: 'psis',
    interactions: [ACTION],
    changes: true,
    async handle(request) {
      calls.push(request);
      request.send({
        service: 'alerts',
        interaction: 'MCCI_IN010000UK13',
        toAsid: OTHER_ASID,
        content: { versionCode: '3NPfIT7.2.00', subject: '<note><text>news</text></note>' },
        conversationId: 'told',
      });
      if (fails-- > 0) throw new Error('the store of this domain is out of order');
      return {
        interaction: 'MCCI_IN010000UK13',
        acknowledgement: 'AA',
        versionCode: 'V1',
        subject: '<done value="1"/>',
      };
    },
  });
  const id = nextId();
  const payload = hl7Message({ interaction: ACTION, id: nextId(), act: '<subject typeCode="SUBJ"/>' });

  t.test('one that fails is not acknowledged, leaves nothing behind, and is called again', async (t) => {
    const failed = await upload(spine, { messageId: id, payload });
    t.equal(failed.status, 500);
    t.match(failed.text, '<nasp:errorCode>200<');
    t.equal(await core.deliveries.count(core.spaces.default, 'waiting'), 0);
    const again = await upload(spine, { messageId: id, payload });
    t.equal(again.status, 202);
    t.strictSame(
      calls.map(({ ebxml }) => ebxml?.again),
      [false, true],
    );
    t.match(calls[1], {
      pattern: 'reliable',
      service: 'psis',
      interaction: ACTION,
      fromAsid: '200000000901',
      ebxml: { messageId: id, conversationId: 'CONV-1', fromParty: PARTY, toParty: 'YES-0000806' },
    });
    const came = await supplier.wait(2);
    const answer = came.find(({ refToMessageId }) => refToMessageId === id)!;
    t.match(answer.body, '<hl7:subject typeCode="SUBJ"><hl7:done value="1"/></hl7:subject>');
    const note = came.find(({ conversationId }) => conversationId === 'told')!;
    t.match(note.body, `>${OTHER}</eb:PartyId></eb:To>`);
    t.match(note.body, '<hl7:note><hl7:text>news</hl7:text></hl7:note>');
    t.notMatch(note.body, 'acknowledgement');
    t.match(note.headers, [
      'User-Agent',
      /./,
      'Host',
      /./,
      'Accept-Encoding',
      'none',
      'SOAPAction',
      'urn:nhs:names:services:alerts/MCCI_IN010000UK13',
    ]);
  });

  t.test('a duplicate and a repeated HL7 id never reach it', async (t) => {
    t.equal((await upload(spine, { messageId: id, payload })).status, 202);
    const repeated = nextId();
    t.equal((await upload(spine, { messageId: repeated, payload })).status, 202);
    t.equal(calls.length, 2);
    const [reject] = (await supplier.wait(3)).slice(2);
    t.equal(reject!.refToMessageId, repeated);
    t.match(reject!.body, /typeCode="AR".*code="202".*displayName="Duplicate HL7 ID Error"/s);
  });

  t.test('one that comes again behind its persistDuration is a new message with an HL7 id that was seen', async (t) => {
    core.spaces.default.clock.advance(6 * 60_000);
    const late = await upload(spine, { messageId: id, payload });
    t.equal(late.status, 202);
    const reject = (await supplier.wait(4))[3]!;
    t.equal(reject.refToMessageId, id);
    t.match(reject.body, /typeCode="AR".*code="202"/s);
    t.equal(calls.length, 2, 'it is not done twice');
  });

  t.test('one that was not finished is done, however late it comes again', async (t) => {
    fails = 1;
    const unfinished = nextId();
    const other = hl7Message({ interaction: ACTION, id: nextId(), act: '<subject typeCode="SUBJ"/>' });
    t.equal((await upload(spine, { messageId: unfinished, payload: other })).status, 500);
    core.spaces.default.clock.advance(6 * 60_000);
    t.equal((await upload(spine, { messageId: unfinished, payload: other })).status, 202);
    const came = (await supplier.wait(6)).slice(4);
    t.match(came.find(({ refToMessageId }) => refToMessageId === unfinished)?.body, /typeCode="AA"/);
    t.equal(calls.at(-1)!.ebxml?.again, true);
  });

  t.test('messages that no request led to', async (t) => {
    const { default: space } = core.spaces;
    const content = { versionCode: 'V1', subject: '<late/>' };
    const message = { service: 'mm', interaction: 'MCCI_IN010000UK13', toAsid: '200000000901', content };
    const delivery = await core.messages.send(space, { ...message, afterMs: 3_600_000 });
    t.equal((await core.deliveries.get(space, delivery))!.state, 'waiting');
    t.equal((await supplier.received()).length, 6);
    await spine.admin('PUT', '/api/clock', { advance: 'PT1H' });
    const [late] = (await supplier.wait(7)).slice(6);
    t.match(late!.body, '<hl7:late/>');
    const nowhere = await core.messages.send(space, { ...message, toAsid: '999999999999' });
    t.match(await core.deliveries.get(space, nowhere), { state: 'dead', reason: /no message handler/ });
  });

  t.test('spaces are apart: a reset forgets what waits in one', async (t) => {
    const { default: space } = core.spaces;
    const other = core.spaces.get('team-a');
    const content = { versionCode: 'V1' };
    const message = {
      service: 'mm',
      interaction: 'MCCI_IN010000UK13',
      toAsid: '200000000901',
      content,
      afterMs: 60_000,
    };
    await core.messages.send(space, message);
    await core.messages.send(other, message);
    await spine.admin('POST', '/api/reset', undefined, { 'X-Spine-Sim-Space': 'team-a' });
    t.equal(await core.deliveries.count(other, 'waiting'), 0);
    t.equal(await core.deliveries.count(space, 'waiting'), 1);
    await spine.admin('PUT', '/api/clock', { advance: 'PT1M' });
    t.equal((await supplier.wait(8)).length, 8);
  });

  t.test('Ping is answered', async (t) => {
    const ping = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"><s:Header><eb:MessageHeader><eb:From><eb:PartyId>${PARTY}</eb:PartyId></eb:From><eb:To><eb:PartyId>YES-0000806</eb:PartyId></eb:To><eb:CPAId>x</eb:CPAId><eb:ConversationId>c</eb:ConversationId><eb:Service>urn:oasis:names:tc:ebxml-msg:service</eb:Service><eb:Action>Ping</eb:Action><eb:MessageData><eb:MessageId>p1</eb:MessageId></eb:MessageData></eb:MessageHeader></s:Header><s:Body/></s:Envelope>`;
    const ask = { path: '/reliablemessaging/intermediary', headers: { 'Content-Type': 'text/xml' }, body: ping };
    const { status, text } = await spine.ask(HOST, ask);
    t.equal(status, 200);
    t.match(text, /<eb:Action>Pong<.*<eb:RefToMessageId>p1</);
  });
});

import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { type EbxmlRequest, ebxmlRequest, HOST, hl7Message } from './requests.ts';
import { redirect, startSupplier, supplierTls, wayToSpine } from './supplier.ts';

const PARTY = 'Z99901-0009901';

interface View {
  id: string;
  state: string;
  reason?: string;
  attempted: number;
  nextAt?: string;
  identity: { messageId: string };
  attempts: { outcome: string; detail: string; at: string; exchange: string }[];
}

let spine: Spine;
let count = 0;

/** A GP summary upload, whose response is delivered by the contract psis:MCCI_IN010000UK13: 2 retries, PT1M, PT5M. */
async function upload(request: EbxmlRequest = {}): Promise<string> {
  const messageId = `0A11B5C0-0005-4000-8000-${String(++count).padStart(12, '0')}`;
  const answer = await spine.ask(HOST, {
    path: '/reliablemessaging/reliablerequest',
    ...ebxmlRequest({ messageId, conversationId: messageId, ...request }),
  });
  if (answer.status !== 202) throw new Error(answer.text);
  return messageId;
}

async function deliveryOf(conversation: string): Promise<View> {
  const { body } = await spine.admin('GET', `/api/deliveries?conversation=${conversation}`);
  return body.deliveries[0];
}

/** Waits for what a delivery comes to. */
async function until(conversation: string, fits: (view: View) => boolean): Promise<View> {
  for (let round = 0; ; round++) {
    const view = await deliveryOf(conversation);
    if (view && fits(view)) return view;
    if (round > 600) throw new Error(JSON.stringify(view));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const ended = ({ state }: View) => state === 'delivered' || state === 'dead';

const advance = (duration: string) => spine.admin('PUT', '/api/clock', { advance: duration });

t.test('deliveries follow the contract of their receiver by the clock', async (t) => {
  spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  await spine.admin('PUT', '/api/clock', { frozen: true });
  const supplier = await startSupplier(t, {
    tls: await supplierTls(spine),
    mode: 'sync',
    spine: await wayToSpine(spine),
  });
  await redirect(spine, PARTY, supplier.url);
  const fresh = async () => {
    const before = (await supplier.received()).length;
    return { wait: async (more: number) => (await supplier.wait(before + more)).slice(before) };
  };

  t.test('a failure is tried again when the interval has passed, with the same bytes', async (t) => {
    await supplier.set({ mode: 'sync', failures: 2 });
    const inbox = await fresh();
    const id = await upload();
    const first = await until(id, ({ attempted }) => attempted === 1);
    t.equal(first.state, 'waiting');
    t.match(first.attempts[0], { outcome: 'failed', detail: 'HTTP 500: not now' });
    t.equal((await inbox.wait(1)).length, 1, 'nothing comes before its time');
    await advance('PT59S');
    t.equal((await deliveryOf(id)).attempted, 1);
    await advance('PT1S');
    await inbox.wait(2);
    await until(id, ({ attempted }) => attempted === 2);
    await advance('PT1M');
    const [one, two, three] = await inbox.wait(3);
    t.equal(two!.body, one!.body);
    t.equal(three!.body, one!.body);
    t.strictSame(three!.headers, one!.headers);
    const view = await until(id, ended);
    t.equal(view.state, 'delivered');
    t.equal(view.attempted, 3);
    const { body: entry } = await spine.admin('GET', `/api/journal/${view.attempts[0]!.exchange}`);
    t.match(entry, { direction: 'outbound', operation: 'deliver', outcome: 'refused', status: 500 });
    t.match(entry.identity, { toPartyKey: PARTY, conversationId: id });
  });

  t.test('after the last retry it is dead, until it is replayed', async (t) => {
    await supplier.set({ mode: 'fail', failures: 0 });
    const inbox = await fresh();
    const id = await upload();
    for (let attempt = 1; attempt <= 3; attempt++) {
      await until(id, ({ attempted }) => attempted === attempt);
      await advance('PT1M');
    }
    const dead = await until(id, ended);
    t.match(dead, { state: 'dead', attempted: 3, reason: 'HTTP 500: never' });
    await advance('PT1H');
    const sent = await inbox.wait(3);
    t.equal(sent.length, 3);
    await supplier.set({ mode: 'sync' });
    const { status, body } = await spine.admin('POST', `/api/deliveries/${dead.id}/replay`, {});
    t.equal(status, 200);
    t.equal(body.state, 'waiting');
    t.match(await until(id, ended), { state: 'delivered', replays: 1 });
    const again = await inbox.wait(4);
    t.equal(again[3]!.body, sent[0]!.body);
    const bytes = await spine.admin('GET', `/api/deliveries/${dead.id}/body`);
    t.equal(bytes.body, sent[0]!.body, 'the bytes can be looked at');
  });

  t.test('an acknowledgement may come on a connection of its own', async (t) => {
    await supplier.set({ mode: 'async' });
    const id = await upload();
    const view = await until(id, ended);
    t.match(view, { state: 'delivered', attempted: 1, reason: 'acknowledged on a connection of its own' });
    t.match(view.attempts, [{ outcome: 'taken' }]);
  });

  t.test('what is taken and never acknowledged is repeated, then dead when its time is over', async (t) => {
    await supplier.set({ mode: 'taken' });
    const inbox = await fresh();
    const id = await upload();
    for (let attempt = 1; attempt <= 3; attempt++) {
      t.equal((await until(id, ({ attempted }) => attempted === attempt)).state, 'transmitted');
      await advance('PT1M');
    }
    t.equal((await inbox.wait(3)).length, 3);
    t.equal((await deliveryOf(id)).state, 'transmitted', 'an acknowledgement may still come');
    await advance('PT2M');
    t.match(await until(id, ended), { state: 'dead', attempted: 3, reason: 'no acknowledgement came' });
    t.equal((await inbox.wait(3)).length, 3);
  });

  t.test('an acknowledgement of another message, an ebXML error, a cut connection: failed attempts', async (t) => {
    for (const [mode, detail] of [
      ['wrong', /^the acknowledgement is for ".*", not for /],
      ['error', 'ebXML Error Discovered: ValueNotRecognized 501314:Invalid To Party Type attribute'],
      ['fault', /^the answer is no acknowledgement: 0 SOAP headers: s:Server the queue is full/],
      ['cut', /./],
    ] as const) {
      await supplier.set({ mode });
      const id = await upload();
      const view = await until(id, ({ attempted }) => attempted === 1);
      t.match(view.attempts[0], { outcome: 'failed', detail }, mode);
      await supplier.set({ mode: 'sync' });
      await advance('PT1M');
      t.match(await until(id, ended), { state: 'delivered', attempted: 2 }, mode);
    }
  });

  t.test('an answer that is but a line break is an empty one: the acknowledgement may still come', async (t) => {
    await supplier.set({ mode: 'blank' });
    const id = await upload();
    const view = await until(id, ({ attempted }) => attempted === 1);
    t.match(view, { state: 'transmitted', attempts: [{ outcome: 'taken' }] });
    await supplier.set({ mode: 'sync' });
    await advance('PT1M');
    t.match(await until(id, ended), { state: 'delivered', attempted: 2 });
  });

  t.test('a late error about what was taken makes the attempt a failed one', async (t) => {
    await supplier.set({ mode: 'taken' });
    const id = await upload();
    const view = await until(id, ({ attempted }) => attempted === 1);
    const { messageId } = view.identity;
    const error = (reference: string) =>
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"><s:Header><eb:MessageHeader><eb:From><eb:PartyId>${PARTY}</eb:PartyId></eb:From><eb:MessageData><eb:MessageId>1</eb:MessageId><eb:RefToMessageId>${reference}</eb:RefToMessageId></eb:MessageData></eb:MessageHeader><eb:ErrorList><eb:Error eb:severity="Error" eb:errorCode="Unknown"><eb:Description>no</eb:Description></eb:Error></eb:ErrorList></s:Header><s:Body/></s:Envelope>`;
    const post = (body: string) =>
      spine.ask(HOST, { path: '/reliablemessaging/intermediary', headers: { 'Content-Type': 'text/xml' }, body });
    t.equal((await post(error('0A11B5C0-FFFF-4000-8000-000000000000'))).status, 202);
    const { body: journal } = await spine.admin('GET', '/api/journal?operation=signal&limit=1&full=true');
    t.match(journal.entries[0].steps, [{}, { name: 'CORRELATION', outcome: 'failed' }]);
    t.match(journal.entries[0].nearMisses, [{ kind: 'message', candidate: messageId }]);
    t.equal((await post(error(messageId.toLowerCase()))).status, 202);
    const failed = await until(id, ({ state }) => state === 'waiting');
    t.match(failed.attempts, [{ outcome: 'failed', detail: 'Error Unknown: no' }]);
    await supplier.set({ mode: 'sync' });
    await advance('PT1M');
    t.match(await until(id, ended), { state: 'delivered', attempted: 2 });
  });

  t.test('an express answer is tried once', async (t) => {
    await supplier.set({ mode: 'fail', failures: 1 });
    const interaction = 'QUPA_IN000006UK02';
    const messageId = '0A11B5C0-0006-4000-8000-000000000001';
    const { handlers } = spine.environment.core.spaces.default.world;
    const { cpaId } = handlers.contract('YES-0000806', `urn:nhs:names:services:pdsquery:${interaction}`)!;
    const answer = await spine.ask(HOST, {
      path: '/reliablemessaging/queryrequest',
      ...ebxmlRequest({
        service: 'pdsquery',
        action: interaction,
        cpaId,
        messageId,
        conversationId: messageId,
        duplicateElimination: false,
        ackRequested: null,
        payload: hl7Message({ interaction, id: messageId, act: '<query><x/></query>' }),
      }),
    });
    t.equal(answer.status, 202);
    t.match(await until(messageId, ended), { state: 'dead', attempted: 1 });
  });

  t.test('without an endpoint a response is kept as undeliverable, and the journal says what is missing', async (t) => {
    const { handlers } = spine.environment.core.spaces.default.world;
    const { cpaId } = handlers.contract(PARTY, 'urn:nhs:names:services:psis:MCCI_IN010000UK13')!;
    await supplier.set({ mode: 'sync', failures: 0 });
    t.equal((await spine.admin('DELETE', `/api/world/handlers/${cpaId}`)).status, 204);
    const payload = hl7Message({ interaction: 'REPC_IN150016UK05', id: 'X', from: '999999999999', act: '<subject/>' });
    const id = await upload({ payload });
    const view = await until(id, ended);
    t.match(view, { state: 'dead', attempted: 0, reason: /no endpoint of .* for .*psis:MCCI_IN010000UK13/ });
    const refused = await spine.admin('POST', `/api/deliveries/${view.id}/replay`, {});
    t.equal(refused.status, 409);
    const url = `${supplier.url}/elsewhere`;
    t.equal((await spine.admin('POST', `/api/deliveries/${view.id}/replay`, { url })).status, 200);
    t.match(await until(id, ended), { state: 'delivered', attempted: 1 });
  });

  t.test('what is dead can be replayed together, and removed', async (t) => {
    const { body: before } = await spine.admin('GET', '/api/deliveries?state=dead');
    t.ok(before.counts.dead >= 1);
    t.equal(before.deliveries.length, before.counts.dead);
    const { body } = await spine.admin('POST', '/api/deliveries/replay', {});
    t.equal(body.replayed, before.counts.dead);
    for (const { id } of before.deliveries) {
      t.equal((await spine.admin('DELETE', `/api/deliveries/${id}`)).status, 204);
      t.equal((await spine.admin('GET', `/api/deliveries/${id}`)).status, 404);
    }
    t.equal((await spine.admin('GET', '/api/deliveries?state=lost')).status, 400);
  });
});

t.test('a handler that names no space acknowledges in the space that sent the message', async (t) => {
  const spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  const supplier = await startSupplier(t, {
    tls: await supplierTls(spine),
    mode: 'async',
    spine: await wayToSpine(spine),
  });
  const { spaces } = spine.environment.core;
  const team = { 'X-Spine-Sim-Space': 'team-a' };
  for (const handler of spaces.get('team-a').world.handlers.byPartyKey(PARTY)) {
    const endpoint = supplier.url + new URL(handler.endpoint).pathname;
    await spine.admin('PUT', `/api/world/handlers/${handler.cpaId}`, { ...handler, endpoint }, team);
  }
  const messageId = '0A11B5C0-0005-4000-8000-00000000A001';
  const { headers, body } = ebxmlRequest({ messageId, conversationId: messageId });
  const answer = await spine.ask(HOST, {
    path: '/reliablemessaging/reliablerequest',
    headers: { ...headers, ...team },
    body,
  });
  t.equal(answer.status, 202);
  const [response] = await supplier.wait(1);
  for (let round = 0; ; round++) {
    const { body: list } = await spine.admin('GET', `/api/deliveries?conversation=${messageId}`, undefined, team);
    if (list.deliveries[0]?.state === 'delivered') break;
    if (round > 200) t.fail(JSON.stringify(list.deliveries));
    if (round > 200) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { body: journal } = await spine.admin('GET', '/api/journal?operation=signal', undefined, team);
  t.match(journal.entries, [{ space: 'team-a', spaceReason: 'message', outcome: 'ok' }]);
  t.not(response!.messageId, '');
});

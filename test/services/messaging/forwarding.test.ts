import t from 'tap';
import { type Spine, startSpine } from '../../helper.ts';
import { type EbxmlRequest, ebxmlRequest, HOST, hl7Message, NEXT_HOP, TO_PARTY } from './requests.ts';
import { redirect, startSupplier, supplierTls, wayToSpine } from './supplier.ts';

const SENDER = 'Z99901-0009901';
const RECEIVER = 'Z99902-0009912';
const SIGNALS = 'urn:oasis:names:tc:ebxml-msg:service';

let spine: Spine;
let count = 0;
const nextId = () => `0A11B5C0-0007-4000-8000-${String(++count).padStart(12, '0')}`;

function contract(party: string, service: string, interaction: string): string {
  const { handlers } = spine.environment.core.spaces.default.world;
  return handlers.contract(party, `urn:nhs:names:services:${service}:${interaction}`)!.cpaId;
}

/** A record request to another practice, or what the test wants of it. */
function forward(request: EbxmlRequest = {}) {
  const { service = 'gp2gp', action = 'RCMR_IN010000UK05', to = RECEIVER, messageId = nextId() } = request;
  const sent = ebxmlRequest({
    service,
    action,
    to,
    messageId,
    cpaId: contract(to, service, action),
    conversationId: messageId,
    ackRequested: NEXT_HOP,
    syncReply: false,
    ...request,
  });
  return { messageId, sent, answer: spine.ask(HOST, { path: '/reliablemessaging/intermediary', ...sent }) };
}

/** What a receiver says of a message, on a connection of its own. */
const signalOf = (messageId: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:eb="http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd"><s:Header><eb:MessageHeader eb:version="2.0"><eb:From><eb:PartyId>${RECEIVER}</eb:PartyId></eb:From><eb:To><eb:PartyId>${SENDER}</eb:PartyId></eb:To><eb:CPAId>x</eb:CPAId><eb:ConversationId>${messageId}</eb:ConversationId><eb:Service>${SIGNALS}</eb:Service><eb:Action>Acknowledgment</eb:Action><eb:MessageData><eb:MessageId>late</eb:MessageId><eb:Timestamp>2024-01-02T03:04:05</eb:Timestamp><eb:RefToMessageId>${messageId}</eb:RefToMessageId></eb:MessageData></eb:MessageHeader><eb:Acknowledgment eb:version="2.0"><eb:Timestamp>2024-01-02T03:04:05</eb:Timestamp><eb:RefToMessageId>${messageId}</eb:RefToMessageId></eb:Acknowledgment></s:Header><s:Body/></s:Envelope>`;

async function state(conversation: string, fits: (views: { state: string }[]) => boolean) {
  for (let round = 0; ; round++) {
    const { body } = await spine.admin('GET', `/api/deliveries?conversation=${conversation}`);
    if (fits(body.deliveries)) return body.deliveries;
    if (round > 600) throw new Error(JSON.stringify(body.deliveries));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const advance = (duration: string) => spine.admin('PUT', '/api/clock', { advance: duration });

/** Registers where a party takes acknowledgements and errors. */
async function registerSignals(party: string, url: string, cpaId: string) {
  const { handlers } = spine.environment.core.spaces.default.world;
  const { contract: _contract, ...like } = handlers.byPartyKey(party)[0]!;
  const entry = {
    ...like,
    cpaId,
    service: SIGNALS,
    interaction: 'Acknowledgment',
    endpoint: `${url}/signals`,
    contract: {},
  };
  const { status, body } = await spine.admin('PUT', `/api/world/handlers/${cpaId}`, entry);
  if (status >= 300) throw new Error(JSON.stringify(body));
}

t.test('messages between two suppliers', async (t) => {
  spine = await startSpine(t, { messaging: { responseDelayMs: 0 } });
  await spine.admin('PUT', '/api/clock', { frozen: true });
  const tls = await supplierTls(spine);
  const way = await wayToSpine(spine);
  const sender = await startSupplier(t, { tls, mode: 'sync', spine: way });
  const receiver = await startSupplier(t, { tls, mode: 'sync', spine: way });
  await redirect(spine, SENDER, sender.url);
  await redirect(spine, RECEIVER, receiver.url);
  let taken = 0;
  let told = 0;

  t.test(
    'arrive byte for byte; the hop is acknowledged in the answer where the sender has no endpoint for it',
    async (t) => {
      const attachment = Buffer.from([0, 13, 10, 255, 45, 45, 61, 10, 13, 0]);
      const { messageId, sent, answer } = forward({
        attachments: [{ id: 'a1', type: 'application/octet-stream', body: attachment }],
        eol: '\n',
      });
      const { status, text } = await answer;
      t.equal(status, 202);
      t.match(text, `<eb:RefToMessageId>${messageId}</eb:RefToMessageId>`);
      const [message] = (await receiver.wait(++taken)).slice(-1);
      t.equal(message!.path, '/reliablemessaging/forwardreliable');
      t.ok(Buffer.from(message!.body, 'latin1').equals(sent.body));
      t.ok(message!.headers.includes(sent.headers['Content-Type']!));
      t.match(await state(messageId, ([view]) => view?.state === 'delivered'), [{ interaction: 'RCMR_IN010000UK05' }]);
      t.equal((await sender.received()).length, 0);
    },
  );

  t.test('that come twice are delivered once, and acknowledged twice with the same bytes', async (t) => {
    const messageId = nextId();
    const first = await forward({ messageId }).answer;
    const second = await forward({ messageId }).answer;
    t.equal(second.text, first.text);
    t.equal((await receiver.wait(++taken)).length, taken);
    await state(messageId, (views) => views.length === 1 && views[0]!.state === 'delivered');
  });

  t.test('that ask for no acknowledgement are delivered when they are taken', async (t) => {
    const { messageId, answer } = forward({ ackRequested: null });
    const { status, text } = await answer;
    t.strictSame([status, text], [202, '']);
    await receiver.wait(++taken);
    await state(messageId, (views) => views.length === 1 && views[0]!.state === 'delivered');
    await advance('PT1H');
    t.equal((await receiver.received()).length, taken, 'and not repeated');
    t.equal((await sender.received()).length, told, 'nor told of as a failure');
  });

  t.test('never taken: the sender gets DeliveryFailure, an error', async (t) => {
    await receiver.set({ mode: 'fail' });
    const { messageId, answer } = forward({ action: 'MCCI_IN010000UK13' });
    t.equal((await answer).status, 202);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await state(messageId, (views) => views.some((view) => (view as { attempted?: number }).attempted === attempt));
      await advance('PT1M');
    }
    const [error] = (await sender.wait(++told)).slice(-1);
    taken += 3;
    t.equal(error!.path, '/reliablemessaging/forwardreliable');
    t.match(error!.body, /eb:severity="Error" eb:errorCode="DeliveryFailure"/);
    t.equal(error!.refToMessageId, messageId);
    t.match(error!.body, `>${SENDER}</eb:PartyId></eb:To>`);
    t.ok(error!.headers.includes('urn:urn:oasis:names:tc:ebxml-msg:service/MessageError'));
  });

  t.test('taken and not acknowledged: DeliveryFailure is a warning', async (t) => {
    await receiver.set({ mode: 'taken' });
    const { messageId, answer } = forward({ action: 'MCCI_IN010000UK13' });
    await answer;
    for (let attempt = 1; attempt <= 3; attempt++) {
      await state(messageId, (views) => views.some((view) => (view as { attempted?: number }).attempted === attempt));
      await advance('PT1M');
    }
    taken += 3;
    await advance('PT1H');
    const [error] = (await sender.wait(++told)).slice(-1);
    t.match(error!.body, /eb:severity="Warning" eb:errorCode="DeliveryFailure"/);
    t.equal(error!.refToMessageId, messageId);
  });

  t.test('given up, and acknowledged by the end party after all: the sender is told', async (t) => {
    await receiver.set({ mode: 'taken' });
    const request = { service: 'itk', action: 'COPC_IN000001GB01', ackRequested: TO_PARTY, messageId: nextId() };
    await forward(request).answer;
    for (let hour = 0; hour < 3; hour++) {
      await state(request.messageId, (views) =>
        views.some((view) => (view as { attempted?: number }).attempted! > hour),
      );
      await advance('PT9M');
      if ((await state(request.messageId, () => true)).some((view: { state: string }) => view.state === 'dead')) break;
    }
    const [error] = (await sender.wait(++told)).slice(-1);
    t.match(error!.body, 'DeliveryFailure');
    taken = (await receiver.received()).length;
    const late = signalOf(request.messageId);
    await receiver.post(late);
    const [signal] = (await sender.wait(++told)).slice(-1);
    t.equal(signal!.body, late);
  });

  t.test('for the end party: its acknowledgement goes on to the sender as it came', async (t) => {
    await receiver.set({ mode: 'async' });
    await registerSignals(SENDER, sender.url, '0a1b2c3d4e5f60009999');
    const { messageId, answer } = forward({ service: 'itk', action: 'COPC_IN000001GB01', ackRequested: TO_PARTY });
    const { status, text } = await answer;
    t.equal(status, 202);
    t.equal(text, '', 'it is not for the hop to acknowledge');
    await receiver.wait(++taken);
    const [signal] = (await sender.wait(++told)).slice(-1);
    t.equal(signal!.path, '/signals');
    t.match(signal!.body, '<eb:CPAId>__CPAID__</eb:CPAId>', 'as the receiver wrote it');
    t.match(signal!.body, `<eb:RefToMessageId>${messageId}</eb:RefToMessageId>`);
  });

  t.test('for the end party, too, where AckRequested names no actor', async (t) => {
    await receiver.set({ mode: 'sync' });
    const messageId = nextId();
    const { headers, body } = ebxmlRequest({
      service: 'itk',
      action: 'COPC_IN000001GB01',
      to: RECEIVER,
      cpaId: contract(RECEIVER, 'itk', 'COPC_IN000001GB01'),
      messageId,
      syncReply: false,
    });
    const bare = body.toString().replace(` SOAP:actor="${TO_PARTY}"`, '');
    t.equal((await spine.ask(HOST, { path: '/reliablemessaging/intermediary', headers, body: bare })).status, 202);
    await receiver.wait(++taken);
    const [signal] = (await sender.wait(++told)).slice(-1);
    t.equal(signal!.refToMessageId, messageId);
    t.match(signal!.body, '<eb:CPAId>__CPAID__</eb:CPAId>', 'as the receiver wrote it');
  });

  t.test('for the end party: an acknowledgement inside a MIME part goes on without the part', async (t) => {
    await receiver.set({ mode: 'packaged' });
    const request = { service: 'itk', action: 'COPC_IN000001GB01', ackRequested: TO_PARTY, messageId: nextId() };
    await forward(request).answer;
    await receiver.wait(++taken);
    const [signal] = (await sender.wait(++told)).slice(-1);
    t.ok(signal!.headers.includes('text/xml'));
    t.match(signal!.body, /^<\?xml version="1.0"\?><s:Envelope .*<\/s:Envelope>$/);
    t.equal(signal!.refToMessageId, request.messageId);
    await t.test('and again when the message comes again, though that goes out no second time', async (t) => {
      await forward(request).answer;
      const [again] = (await sender.wait(++told)).slice(-1);
      t.equal(again!.body, signal!.body);
      t.equal((await receiver.received()).length, taken);
    });
  });

  t.test(
    'the hop is acknowledged on a connection of its own where the directory lists an endpoint for it',
    async (t) => {
      await receiver.set({ mode: 'sync' });
      const { messageId, answer } = forward();
      t.equal((await answer).text, '');
      await receiver.wait(++taken);
      const [signal] = (await sender.wait(++told)).slice(-1);
      t.equal(signal!.path, '/signals');
      t.equal(signal!.action, 'Acknowledgment');
      t.equal(signal!.refToMessageId, messageId);
      t.match(signal!.body, '>YES-0000806</eb:PartyId></eb:From>');
      await forward({ messageId }).answer;
      const [again] = (await sender.wait(++told)).slice(-1);
      t.equal(again!.body, signal!.body, 'a sender that did not hear it is told again, with the same bytes');
      t.equal((await receiver.received()).length, taken);
    },
  );

  t.test('to Spine itself, or to a party that is said to listen at Spine, go round no circle', async (t) => {
    const own = await forward({ to: 'YES-0000806' }).answer;
    t.match(own.text, '501314:Invalid To Party Type attribute');
    const { handlers } = spine.environment.core.spaces.default.world;
    const like = handlers.byPartyKey(RECEIVER)[0]!;
    const endpoint = `https://${HOST}/reliablemessaging/intermediary`;
    const service = 'urn:nhs:names:services:ebs';
    const entry = {
      ...like,
      cpaId: '0b2c3d4e5f6a60009997',
      service,
      interaction: 'PRSC_IN040000UK03',
      fqdn: HOST,
      endpoint,
      contract: {},
    };
    t.ok((await spine.admin('PUT', `/api/world/handlers/${entry.cpaId}`, entry)).status < 300);
    const request = { service: 'ebs', action: 'PRSC_IN040000UK03', ackRequested: null, duplicateElimination: false };
    const { messageId, answer } = forward(request);
    t.equal((await answer).status, 202);
    t.match(await state(messageId, ([view]) => view?.state === 'dead'), [{ attempted: 0, reason: /Spine's own/ }]);
  });

  t.test('express: one attempt, nothing back', async (t) => {
    await receiver.set({ mode: 'fail', failures: 1 });
    const { handlers } = spine.environment.core.spaces.default.world;
    const like = handlers.byPartyKey(RECEIVER)[0]!;
    const entry = {
      ...like,
      cpaId: '0b2c3d4e5f6a60009998',
      service: 'urn:nhs:names:services:ebs',
      interaction: 'PRSC_IN080000UK03',
      contract: {},
    };
    t.ok((await spine.admin('PUT', `/api/world/handlers/${entry.cpaId}`, entry)).status < 300);
    const request = { service: 'ebs', action: 'PRSC_IN080000UK03', ackRequested: null, duplicateElimination: false };
    const { messageId, answer } = forward(request);
    const { status, text } = await answer;
    t.equal(`${status} ${text}`, '202 ');
    t.match(await state(messageId, ([view]) => view?.state === 'dead'), [{ attempted: 1 }]);
    taken++;
    t.equal((await sender.received()).length, told);
  });

  t.test('the responder acknowledges, and answers with an application acknowledgement', async (t) => {
    const hl7Id = nextId();
    const { messageId, answer } = forward({
      action: 'COPC_IN000001UK01',
      to: 'X26-9199246',
      cpaId: 'S918999508766',
      payload: hl7Message({ interaction: 'COPC_IN000001UK01', id: hl7Id, to: '918999199246', act: '<subject/>' }),
    });
    t.equal((await answer).status, 202);
    told += 2;
    const signals = (await sender.wait(told)).slice(-2);
    const message = signals.find(({ action }) => action === 'MCCI_IN010000UK13')!;
    t.equal(message.refToMessageId, messageId);
    t.equal(message.conversationId, messageId);
    t.match(message.body, `<hl7:acknowledgement typeCode="AA"><hl7:messageRef><hl7:id root="${hl7Id}"/>`);
    t.match(message.body, '>X26-9199246</eb:PartyId></eb:From>');
    t.match(message.body, 'extension="918999199246"/></hl7:device></hl7:communicationFunctionSnd>');
    t.match(message.body, 'soap:actor="urn:oasis:names:tc:ebxml-msg:actor:nextMSH"');
  });

  t.test('a large message to the responder: it asks for the fragments and acknowledges the whole', async (t) => {
    const conversationId = nextId();
    const index = nextId();
    const fragments = [nextId(), nextId()];
    const to = 'X26-9199246';
    const hl7 = (interaction: string, id: string) =>
      hl7Message({ interaction, id, to: '918999199246', act: '<subject/>' });
    const copc = (messageId: string) =>
      forward({
        action: 'COPC_IN000001UK01',
        to,
        messageId,
        conversationId,
        payload: hl7('COPC_IN000001UK01', messageId),
        attachments: [{ id: `${messageId}@x`, type: 'text/plain', body: 'piece' }],
      });
    const before = await sender.received();
    t.equal((await copc(fragments[0]!).answer).status, 202, 'one fragment comes before the index');
    const rcmr = forward({
      action: 'RCMR_IN030000UK06',
      to,
      messageId: index,
      conversationId,
      payload: hl7('RCMR_IN030000UK06', index),
      references: fragments.map((fragment) => `mid:${fragment}`),
    });
    t.equal((await rcmr.answer).status, 202);
    t.equal((await copc(fragments[1]!).answer).status, 202);
    // Three acknowledgements of the hop, one of each fragment, the request to go on, the acknowledgement of the whole.
    const came = (await sender.wait(before.length + 7)).slice(before.length);
    const continued = came.find(({ action }) => action === 'COPC_IN000001UK01')!;
    t.match(continued.body, 'code="GP2GP_PI"');
    t.equal(continued.conversationId, conversationId);
    const refs = came.filter(({ action }) => action === 'MCCI_IN010000UK13').map((message) => message.refToMessageId);
    t.strictSame(refs.sort(), [index, ...fragments].sort());
  });

  t.test('a message can be sent to a supplier by hand, with attachments and fragments', async (t) => {
    const before = (await receiver.received()).length;
    await receiver.set({ mode: 'sync', failures: 0 });
    const { status, body } = await spine.admin('POST', '/api/messages', {
      to: RECEIVER,
      from: 'X26-9199246',
      service: 'gp2gp',
      interaction: 'RCMR_IN030000UK06',
      subject: '<EhrExtract/>',
      attachments: [
        { contentType: 'text/plain', text: 'hello', contentId: 'one' },
        { contentType: 'application/pdf', base64: Buffer.alloc(300_000, 7).toString('base64'), fragment: true },
      ],
    });
    t.equal(status, 201);
    t.equal(body.deliveries.length, 2);
    const came = (await receiver.wait(before + 2)).slice(before);
    const index = came.find(({ action }) => action === 'RCMR_IN030000UK06')!;
    const fragment = came.find(({ action }) => action === 'COPC_IN000001UK01')!;
    t.match(index.body, `xlink:href="mid:${fragment.messageId}"`);
    t.match(index.body, 'xlink:href="cid:one"');
    t.match(
      index.body,
      'Content-Id: <one>\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\nhello\r\n',
    );
    t.match(fragment.body, Buffer.alloc(300_000, 7).toString('base64'));
    t.equal(fragment.conversationId, index.conversationId);
    const told = (await sender.received()).length;
    const toResponder = {
      to: 'X26-9199246',
      from: SENDER,
      service: 'gp2gp',
      interaction: 'COPC_IN000001UK01',
      subject: '<x/>',
    };
    t.equal((await spine.admin('POST', '/api/messages', toResponder)).status, 201);
    const [accepted] = (await sender.wait(told + 1)).slice(told);
    t.equal(accepted!.action, 'MCCI_IN010000UK13', 'the responder answers what was sent by hand, too');
    const unknown = { to: 'nobody', service: 'gp2gp', interaction: 'X' };
    t.match(await spine.admin('POST', '/api/messages', unknown), { status: 422, body: { message: /"nobody"/ } });
    const nope = { to: 'Z99901-0009901', service: 'psis', interaction: 'NOPE' };
    const { body: lost } = await spine.admin('POST', '/api/messages', nope);
    t.match(
      lost.deliveries,
      [{ state: 'dead', reason: /of that service it has MCCI_IN010000UK13/ }],
      'what there is instead',
    );
  });
});

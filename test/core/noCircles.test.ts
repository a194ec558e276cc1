import t from 'tap';
import { startSpine } from '../helper.ts';
import { HOST, soapAction, syncRequest } from '../services/messaging/requests.ts';

t.test('a callback to the simulator itself calls nobody back, whatever rule fits it', async (t) => {
  const spine = await startSpine(t);
  const callback = { to: `https://${HOST}/sync-service`, body: 'x' };
  t.equal((await spine.admin('PUT', '/api/rules/round', { do: { callback: [callback, callback] } })).status, 200);
  await spine.ask(HOST, { path: '/sync-service', headers: soapAction({}), body: syncRequest() });
  const wanted = { service: 'messaging', atLeast: 3, within: '10s' };
  t.match((await spine.admin('POST', '/api/verify', wanted)).body, { satisfied: true });
  // Each came after its own exchange had ended, so a further round would have begun by now.
  const callbacks = { service: 'rules', direction: 'outbound', atLeast: 3, within: '1s' };
  t.match((await spine.admin('POST', '/api/verify', callbacks)).body, { satisfied: false, count: 2 });
});

t.test('what would be delivered to the simulator itself, by its address, is undeliverable', async (t) => {
  const spine = await startSpine(t);
  const { body: handlers } = await spine.admin('GET', '/api/world/handlers?limit=1000');
  const list = (handlers.records ?? handlers) as {
    cpaId: string;
    partyKey: string;
    interaction: string;
    service: string;
  }[];
  const own = list.find(
    ({ partyKey, interaction }) => partyKey === 'Z99901-0009901' && interaction === 'MCCI_IN010000UK13',
  )!;
  const endpoint = `https://127.0.0.1:${spine.environment.ports.https}/reliablemessaging/intermediary`;
  await spine.admin('PUT', `/api/world/handlers/${own.cpaId}`, { ...own, endpoint, fqdn: '127.0.0.1' });
  const sent = await spine.admin('POST', '/api/messages', {
    to: own.partyKey,
    service: own.service,
    interaction: own.interaction,
    acknowledgement: 'AA',
    messageRef: '5B1C0F4E-0001-4A6B-9C11-00000000A001',
  });
  t.match(sent, { status: 201 });
  const { body } = await spine.admin('GET', '/api/deliveries');
  t.match(JSON.stringify(body), /is this simulator: register where the party itself listens/);
});

t.test('an entry of a space is not shown to a request that names another', async (t) => {
  const spine = await startSpine(t);
  const headers = { ...soapAction({}), 'X-Spine-Sim-Space': 'secret' };
  await spine.ask(HOST, { path: '/sync-service', headers, body: syncRequest() });
  const { body } = await spine.admin('GET', '/api/journal?service=messaging&limit=1', undefined, {
    'X-Spine-Sim-Space': 'secret',
  });
  const { id } = body.entries[0];
  for (const path of [`/api/journal/${id}`, `/api/conformance/${id}`]) {
    const other = await spine.admin('GET', path, undefined, { 'X-Spine-Sim-Space': 'other' });
    t.equal(other.status, 404, path);
    t.equal((await spine.admin('GET', path, undefined, { 'X-Spine-Sim-Space': 'secret' })).status, 200, path);
  }
});

/** Answers of partners that drip or break off: bounded, and told in a sentence. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import t from 'tap';
import { complete } from '../../server/config/load.ts';
import { OutboundFailure } from '../../server/core/outbound/failure.ts';
import { collect } from '../../server/core/outbound/outbound.ts';
import { startEnvironment } from '../../server/environment.ts';

const lines: string[] = [];
const stream = new Writable({
  write(chunk, _encoding, done) {
    lines.push(String(chunk));
    done();
  },
});
const ports = { httpsPort: 0, httpPort: 0, ldapsPort: 0, ldapPort: 0, adminPort: 0 };
const config = complete({ ...ports, store: 'memory', logLevel: 'warn', outbound: { answerTimeoutMs: 400 } });
const environment = await startEnvironment(config, pino({ level: 'warn' }, stream));
t.teardown(() => environment.close());
const { core } = environment;

async function partner(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const ask = (url: string) => ({
  resolved: { space: core.spaces.default, reason: 'test' },
  service: 'rules',
  operation: 'test',
  method: 'POST',
  url,
  headers: [],
  body: Buffer.from('x'),
});

async function failureOf(url: string): Promise<OutboundFailure> {
  const answer = await core.outbound.send(ask(url));
  return collect(answer.body).then(
    () => t.fail('it was taken'),
    (error) => error,
  );
}

const newest = async () => (await core.journal.search({}, { limit: 1 }))[0]!;

t.test('an answer that drips for ever ends when its time is over', async (t) => {
  let drip: NodeJS.Timeout | undefined;
  const url = await partner((response) => {
    drip = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(drip));
  });
  const began = performance.now();
  const failure = await failureOf(url);
  t.ok(performance.now() - began < 5_000);
  t.match(failure, {
    kind: 'answer-timeout',
    message: /was not whole after 400 ms/,
    advice: /outbound\.answerTimeoutMs/,
  });
  t.match((await newest()).error, { code: 'answer-timeout' });
});

t.test('an answer that is cut is a sentence, in the journal and in the log', async (t) => {
  const url = await partner((response) => {
    response.writeHead(200, { 'Content-Length': '100' });
    response.write('half');
    setTimeout(() => response.socket!.destroy(), 50);
  });
  const failure = await failureOf(url);
  t.ok(failure instanceof OutboundFailure);
  t.match(failure, { kind: 'reset', message: /^the answer of 127\.0\.0\.1:\d+ broke off before its end$/ });
  t.match(await newest(), { outcome: 'failed', error: { code: 'reset', message: /broke off before its end/ } });

  const delivery = { carrier: 'none', service: 'messaging', operation: 'test', identity: {}, headers: [], about: {} };
  const policy = { retries: 0, intervalMs: 1_000 };
  const id = await core.deliveries.add(core.spaces.default, {
    ...delivery,
    policy,
    url,
    body: Buffer.from('x'),
    cause: undefined,
  });
  for (let round = 0; round < 100; round++) {
    if ((await core.deliveries.get(core.spaces.default, id))?.state === 'dead') break;
    await new Promise((done) => setTimeout(done, 50));
  }
  const dead = await core.deliveries.get(core.spaces.default, id);
  t.match(dead, { state: 'dead', reason: /broke off before its end/ });
  t.notOk(
    lines.some((line) => line.includes('"level":50') || line.includes('"stack"')),
    lines.join(''),
  );
});

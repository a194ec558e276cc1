/** `Expect: 100-continue` between a real curl and providers that take their time with it, or refuse before there is a body. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import t from 'tap';
import { startSpine } from '../../helper.ts';
import { INTERACTION, lastEntry, PROXY, sspHeaders } from './consumer.ts';
import { OWN_PROVIDER, startProvider } from './provider.ts';

const run = promisify(execFile);

const spine = await startSpine(t);
const folder = t.testdir({ 'ca.pem': spine.ca });
const BODY = randomBytes(4 << 20);
const DIGEST = createHash('sha256').update(BODY).digest('hex');
writeFileSync(join(folder, 'body'), BODY);

/** What the provider got of the call: the expectation, and how much of the body before it had said anything. */
let expected: string | undefined;
let early = 0;

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of request) hash.update(chunk);
  response.end(hash.digest('hex'));
}

const provider = await startProvider(t, spine, take, {
  expecting: async (request, response) => {
    expected = request.headers.expect;
    early = 0;
    const [, how, status] = /\/(\w+)(?:-(\d+))?$/.exec(request.url!)!;
    const count = () => {
      early = Number(request.readableLength);
    };
    if (how === 'refuse') {
      response.writeHead(Number(status), { Connection: 'close', 'Content-Type': 'text/plain' });
      response.end('refused before the body', () => {
        count();
        request.socket.destroySoon();
      });
      return;
    }
    if (how === 'slow') await wait(500);
    count();
    if (how !== 'silent') response.writeContinue();
    await take(request, response);
  },
});

/** Statuses that curl met, in order, and the last body. It expects 100-continue by itself for so long a body. */
async function curl(path: string, ...more: string[]) {
  const headers = { 'Ssp-To': OWN_PROVIDER, 'Ssp-InteractionID': `${INTERACTION}fhir:rest:create:appointment-1` };
  const lines = Object.entries(sspHeaders({ ...headers, 'Content-Type': 'application/fhir+json' }));
  const args = [
    ...['-sS', '--http1.1', '--max-time', '20', '--cacert', join(folder, 'ca.pem'), '-D', join(folder, 'head')],
    // It waits this long for 100, then sends the body unasked.
    ...['--expect100-timeout', '10', '--data-binary', `@${join(folder, 'body')}`],
    ...['--connect-to', `${PROXY}:443:127.0.0.1:${spine.environment.ports.https}`],
    ...lines.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...more,
  ];
  const { stdout } = await run('curl', [...args, `https://${PROXY}/${path}`]);
  const head = readFileSync(join(folder, 'head'), 'utf8');
  return { statuses: [...head.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status)), stdout };
}

for (const framing of [[], ['-H', 'Transfer-Encoding: chunked']]) {
  const how = framing.length > 0 ? 'in chunks' : 'of a length';
  t.test(`a body ${how} follows a provider's 100, and one that says none gets it all the same`, async (t) => {
    for (const path of ['prompt', 'slow', 'silent']) {
      const { statuses, stdout } = await curl(`${provider.root}/${path}`, ...framing);
      t.same(statuses, [100, 200], path);
      t.equal(stdout, DIGEST, 'the whole body reached the provider');
      t.equal(expected, '100-continue', 'the expectation did too');
      t.equal(early, 0, 'and nothing of the body before it was asked for');
      const said = path === 'silent' ? /said no 100/ : /said 100/;
      t.match((await lastEntry(spine)).steps.find(({ name }: { name: string }) => name === 'expect').detail, said);
    }
  });

  t.test(`a provider that refuses before a body ${how} is heard, and spared the body`, async (t) => {
    for (const status of [401, 417]) {
      const { statuses, stdout } = await curl(`${provider.root}/refuse-${status}`, ...framing);
      t.same(statuses, [status]);
      t.equal(stdout, 'refused before the body');
      t.equal(early, 0);
      t.match(await lastEntry(spine), { status, outcome: 'ok' });
    }
    // RFC 9110 10.1.1: a client that meets 417 may repeat the request without the expectation.
    const { statuses, stdout } = await curl(`${provider.root}/refuse-417`, ...framing, '-H', 'Expect:');
    t.same(statuses, [200]);
    t.equal(stdout, DIGEST);
  });
}

t.test('what the proxy itself refuses, it refuses without the body if that is long', async (t) => {
  const { statuses } = await curl('https://elsewhere.example/');
  t.same(statuses, [400]);
  const short = await curl('https://elsewhere.example/', '-d', 'short', '-H', 'Expect: 100-continue');
  t.match(short.statuses.at(-1), 400);
});

t.test('a client that sends its body unasked, in its own time, is served', async (t) => {
  const { statuses, stdout } = await curl(`${provider.root}/slow`, '--expect100-timeout', '0.1');
  t.same(statuses.at(-1), 200);
  t.equal(stdout, DIGEST);
});

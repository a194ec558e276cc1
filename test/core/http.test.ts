import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import t from 'tap';
import { Clock } from '../../server/core/clock/clock.ts';
import type { ExchangeContext } from '../../server/core/exchange/exchange.ts';
import type { HeaderLine, HttpAnswer } from '../../server/core/http/answer.ts';
import type { Handler, HttpService } from '../../server/core/http/service.ts';
import { buildServiceApp } from '../../server/core/http/serviceApp.ts';
import type { JournalEntry } from '../../server/core/journal/entry.ts';
import { Journal } from '../../server/core/journal/journal.ts';
import { Policy } from '../../server/core/policy/policy.ts';
import type { Rules } from '../../server/core/rules/engine.ts';
import { Spaces } from '../../server/core/space/spaces.ts';
import type { World } from '../../server/core/world/world.ts';
import { answerClientErrors } from '../../server/listeners/clientErrors.ts';
import { dispatcher, exchangeOpener } from '../../server/listeners/dispatcher.ts';
import { createHttpServer } from '../../server/listeners/http.ts';
import { VirtualHosts } from '../../server/listeners/virtualHosts.ts';

const LIMIT = 100_000;
const HOST = 'Host: crl.nhs.uk\r\n';
const CLOSE = 'Connection: close\r\n';

const ok = (body: HttpAnswer['body'], headers: HeaderLine[] = []): HttpAnswer => ({ status: 200, headers, body });

async function* endless() {
  while (true) yield Buffer.alloc(64 * 1024, 'x');
}

async function* failing() {
  yield Buffer.from('abc');
  throw new Error('the disk is gone');
}

function vanishing(): Readable {
  const body = new Readable({ read() {} });
  body.push('abc');
  setTimeout(() => body.destroy(), 20);
  return body;
}

let sources: Readable[] = [];
const kept = (body: Readable) => {
  sources.push(body);
  return body;
};

const HANDLERS: Record<string, Handler> = {
  '/echo': (exchange) => ok(exchange.body.length > 0 ? exchange.body : 'nothing'),
  '/header': () => ok('x', [['X-Name', 'Łukasz']]),
  '/lines': () => ok('x', [['X-Name', 'a\r\nSet-Cookie: b']]),
  '/status': () => ({ status: 99, headers: [], body: 'x' }),
  '/throws': () => {
    throw new Error('secret');
  },
  '/slow': async () => {
    await wait(100);
    return ok('slow');
  },
  '/stream': () => ok(Readable.from([Buffer.from('abc'), Buffer.from('def')])),
  '/failing': () => ok(Readable.from(failing())),
  '/vanishing': () => ok(vanishing()),
  '/short': () => ok(Readable.from([Buffer.from('abc')]), [['Content-Length', '10']]),
  '/endless': () => ok(kept(Readable.from(endless()))),
  '/nothing': () => ({ status: 204, headers: [], body: 'is not sent' }),
};

const SERVICE: HttpService = {
  name: 'echo',
  title: 'Echo',
  hosts: ['crl'],
  paths: ['/'],
  bodies: 'buffer',
  bodyLimit: LIMIT,
  routes: Object.entries(HANDLERS).map(([url, handler]) => ({
    method: ['GET', 'HEAD', 'POST'],
    url,
    operation: url.slice(1),
    handler,
  })),
  notFound: () => ({ status: 404, headers: [], body: 'not found' }),
  tooLarge: () => ({ status: 413, headers: [], body: 'too large' }),
  failure: () => ({ status: 500, headers: [], body: 'failure' }),
  coverage: [],
};

interface Echo {
  port: number;
  server: Server;
  entries(): JournalEntry[];
  /** Lines of the log. */
  lines: string[];
}

async function start(): Promise<Echo> {
  const clock = new Clock();
  const world = { onChange: () => () => {} } as unknown as World;
  const journal = new Journal({ maxEntries: 1_000, maxTotalBytes: 1e7, maxBodyBytes: 1_000 });
  const lines: string[] = [];
  const context: ExchangeContext = {
    spaces: new Spaces({ clock, createWorld: () => world }),
    journal,
    rules: { evaluate: async () => undefined } as unknown as Rules,
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
  };
  const open = exchangeOpener(context);
  const hosts = new VirtualHosts(true);
  hosts.mount({ service: SERVICE, app: await buildServiceApp(SERVICE, open) });
  const server = createHttpServer(dispatcher(hosts, open, { ...context, policy: new Policy({ rules: {} }) }));
  answerClientErrors(server, context);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
    clock.close();
  });
  let last = 0;
  const entries = () => {
    const found = journal.find({ after: last }, { oldestFirst: true });
    last = found.at(-1)?.seq ?? last;
    return found;
  };
  return { port: (server.address() as AddressInfo).port, server, entries, lines };
}

const echo = await start();

interface Said {
  /** All that came until the connection ended. */
  text: string;
  /** The connection had to be given up. */
  stuck: boolean;
}

/** Sends bytes, and resolves when the server has closed the connection. */
function say(bytes: string | Buffer, { end = false, giveUpMs = 3_000 } = {}): Promise<Said> {
  return new Promise((resolve) => {
    const socket = connect(echo.port, '127.0.0.1', () => {
      socket.write(bytes);
      if (end) socket.end();
    });
    let text = '';
    let stuck = false;
    const timer = setTimeout(() => {
      stuck = true;
      socket.destroy();
    }, giveUpMs);
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve({ text, stuck });
    });
  });
}

const get = (path: string, more = CLOSE) => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;

t.test('an answer that no message can carry becomes the failure of the service', async (t) => {
  for (const path of ['/header', '/lines', '/status', '/throws']) {
    const { text, stuck } = await say(get(path));
    t.notOk(stuck, path);
    t.match(text, /^HTTP\/1\.1 500 Internal Server Error\r\n/, path);
    t.notMatch(text, /secret|Set-Cookie/);
    const [entry] = echo.entries();
    t.match(entry, { outcome: 'failed', status: 500, error: { code: 'internal' } });
  }
});

t.test('a body that breaks off breaks the connection, and the journal says so', async (t) => {
  for (const path of ['/failing', '/vanishing', '/short']) {
    const { text, stuck } = await say(get(path, ''));
    t.notOk(stuck, path);
    t.match(text, 'abc', path);
    t.notMatch(text, /\r\n0\r\n\r\n$/, 'no end that could be taken for the whole');
    const [entry, ...more] = echo.entries();
    t.match(entry, { outcome: 'failed', error: { code: 'answer-broken' }, response: { body: { bytes: 3 } } }, path);
    t.equal(more.length, 0);
  }
});

t.test('a streamed answer is in the journal when the client has it', async (t) => {
  const { text } = await say(get('/stream'));
  t.match(text, /3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n$/);
  t.match(echo.entries(), [{ outcome: 'ok', response: { body: { bytes: 6, content: Buffer.from('abcdef') } } }]);
  const old = await say(`GET /stream HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`);
  t.match(old.text, /Connection: close\r\n\r\nabcdef$/, 'the end of the connection is the end of the body in HTTP/1.0');
  echo.entries();
});

t.test('HEAD and 204 have no body, on the wire and in the journal', async (t) => {
  const head = await say(`HEAD /echo HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
  t.match(head.text, /Content-Length: 7\r\nConnection: close\r\n\r\n$/);
  t.match((await say(get('/nothing'))).text, /^HTTP\/1\.1 204 No Content\r\n(?!.*content-length).*\r\n\r\n$/is);
  for (const entry of echo.entries()) t.equal(entry.response.body?.bytes, 0);
});

t.test('connections are kept as nginx keeps them', async (t) => {
  const { text } = await say(get('/echo', '') + get('/echo'));
  const [first, second] = text.split('nothing');
  t.match(first, /\r\nConnection: keep-alive\r\n/);
  t.notMatch(first, /Keep-Alive:/i);
  t.match(second, /\r\nConnection: close\r\n/);
  t.ok(echo.server.keepAliveTimeout > 60_000, 'longer than the pools of clients keep one at rest');
  echo.entries();
});

t.test('pipelined requests are answered in order, and garbage behind them after them', async (t) => {
  const { text } = await say(`${get('/slow', '')}${get('/echo', '')}GARBAGE\r\n\r\n`);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  t.same(statuses, ['200', '200', '400']);
  t.ok(text.indexOf('slow') < text.indexOf('nothing'));
  t.same(
    echo
      .entries()
      .map(({ service }) => service)
      .sort(),
    ['echo', 'echo', 'front-door'],
  );
});

t.test('a body that breaks its framing ends its own exchange, which is told once', async (t) => {
  const chunked = `POST /echo HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZ\r\n`;
  const half = `POST /echo HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nabc`;
  for (const [bytes, end] of [
    [chunked, false],
    [half, true],
  ] as const) {
    const { text, stuck } = await say(bytes, { end });
    t.notOk(stuck);
    t.match(text, /^HTTP\/1\.1 400 Bad Request\r\nServer: nginx\r\n/);
    await wait(20);
    t.match(echo.entries(), [{ service: 'echo', operation: 'echo', status: 400, outcome: 'refused' }]);
  }
});

t.test('framing that two readers could read in two ways is refused', async (t) => {
  const post = (headers: string, body = 'abc') => `POST /echo HTTP/1.1\r\n${HOST}${headers}\r\n${body}`;
  const smuggled = `0\r\n\r\n${get('/echo')}`;
  for (const bytes of [
    post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', smuggled),
    post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', smuggled),
    post('Content-Length: 3\r\nContent-Length: 4\r\n'),
    post('Content-Length: +3\r\n'),
    post('Content-Length: -1\r\n'),
    post('Transfer-Encoding: xchunked\r\n', smuggled),
    post('Transfer-Encoding: chunked, identity\r\n', smuggled),
    post('Content-Length : 3\r\n'),
    `GET /echo HTTP/1.1\r\n${HOST}Host: other.example\r\n\r\n`,
    `GET /echo HTTP/1.1\r\n\r\n`,
    `GET /echo HTTP/1.1\r\n${HOST}X: a\r\n b\rc\r\n\r\n`,
  ]) {
    const { text, stuck } = await say(bytes);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    t.same({ statuses, stuck }, { statuses: ['400'], stuck: false }, JSON.stringify(bytes.slice(0, 90)));
    t.match(text, /Server: nginx\r\n/);
    t.match(echo.entries(), [{ status: 400, outcome: 'refused' }]);
  }
});

t.test('targets in absolute form, and forms of request that have no service', async (t) => {
  t.match(
    (await say(`GET http://crl.nhs.uk/echo HTTP/1.1\r\nHost: other\r\n${CLOSE}\r\n`)).text,
    /^HTTP\/1\.1 200 .*nothing$/s,
  );
  t.match((await say(`CONNECT crl.nhs.uk:443 HTTP/1.1\r\n${HOST}\r\n`)).text, /^HTTP\/1\.1 405 Not Allowed\r\n/);
  t.match((await say(`OPTIONS * HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)).text, /^HTTP\/1\.1 404 /);
  t.match((await say(get('/echo', `Connection: Upgrade, close\r\nUpgrade: h2c\r\n`))).text, /^HTTP\/1\.1 200 /);
  t.match((await say(`BREW /echo HTTP/1.1\r\n${HOST}${CLOSE}\r\n`)).text, /^HTTP\/1\.1 400 /);
  t.match(echo.entries(), [
    { status: 200, path: '/echo' },
    { status: 405, method: 'CONNECT', outcome: 'refused' },
    { status: 404 },
    { status: 200 },
    { status: 400 },
  ]);
});

t.test('expectations: 100-continue is answered, others are not looked at', async (t) => {
  const expecting = (what: string) =>
    `POST /echo HTTP/1.1\r\n${HOST}${CLOSE}Expect: ${what}\r\nContent-Length: 3\r\n\r\nabc`;
  t.match((await say(expecting('100-continue'))).text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n.*abc$/s);
  t.match((await say(expecting('tea'))).text, /^HTTP\/1\.1 200 OK\r\n.*abc$/s);
  echo.entries();
});

t.test('a client that sends all before it reads still sees why it was refused', async (t) => {
  const size = 8_000_000;
  const chunk = 'x'.repeat(size / 8);
  const chunks = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(8);
  for (const [what, host, framing, body, wanted] of [
    [
      'too long by its header',
      'crl.nhs.uk',
      `Content-Length: ${size}`,
      'x'.repeat(size),
      /^HTTP\/1\.1 413 .*too large$/s,
    ],
    [
      'too long as it comes',
      'crl.nhs.uk',
      'Transfer-Encoding: chunked',
      `${chunks}0\r\n\r\n`,
      /^HTTP\/1\.1 413 .*too large$/s,
    ],
    ['for no host', 'nowhere.example', `Content-Length: ${size}`, 'x'.repeat(size), /^HTTP\/1\.1 404 .*<\/html>\r\n$/s],
  ] as const) {
    const answer = await new Promise<Said>((resolve) => {
      const socket = connect(echo.port, '127.0.0.1');
      // Nothing is read until all is sent.
      socket.pause();
      let text = '';
      let failure = '';
      socket.write(`POST /echo HTTP/1.1\r\nHost: ${host}\r\n${framing}\r\n\r\n`);
      socket.write(body, () => setTimeout(() => socket.resume(), 50));
      socket.on('data', (bytes) => {
        text += bytes;
      });
      socket.on('error', (error) => {
        failure = error.message;
      });
      socket.on('close', () => resolve({ text: text + failure, stuck: false }));
    });
    t.match(answer.text, wanted, what);
  }
  t.equal(echo.entries().length, 3);
});

t.test('a client that goes away, or does not read, costs nothing and is told once', async (t) => {
  sources = [];
  const socket = connect(echo.port, '127.0.0.1', () => socket.write(get('/endless')));
  await once(socket, 'data');
  socket.pause();
  await wait(200);
  const sent = sources[0]!;
  t.notOk(sent.destroyed);
  const rss = process.memoryUsage.rss();
  await wait(200);
  t.ok(process.memoryUsage.rss() - rss < 30_000_000, 'the source waits for the reader');
  socket.resetAndDestroy();
  await wait(100);
  t.ok(sent.destroyed, 'and ends with it');
  t.match(echo.entries(), [{ outcome: 'failed', error: { code: 'client-gone' } }]);

  const early = connect(echo.port, '127.0.0.1', () => early.write(get('/slow')));
  await wait(30);
  early.destroy();
  await wait(150);
  t.match(echo.entries(), [{ operation: 'slow', outcome: 'failed', error: { code: 'client-gone' } }]);

  const half = connect(echo.port, '127.0.0.1', () =>
    half.write(`POST /echo HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\nab`),
  );
  await wait(30);
  half.resetAndDestroy();
  await wait(50);
  t.match(echo.entries(), [{ operation: 'echo', outcome: 'failed', error: { code: 'client-gone' } }]);
});

t.test('a connection at rest that is reset is no exchange', async (t) => {
  const socket = connect(echo.port, '127.0.0.1', () => socket.write(get('/echo', '')));
  await once(socket, 'data');
  socket.resetAndDestroy();
  const unused = connect(echo.port, '127.0.0.1');
  await once(unused, 'connect');
  unused.resetAndDestroy();
  await wait(50);
  t.match(echo.entries(), [{ outcome: 'ok' }]);
});

t.test('the log says of what was refused what to change, and nothing of that for the rest', async (t) => {
  echo.lines.length = 0;
  await say(`GET /echo HTTP/1.1\r\n${HOST}${CLOSE}\r\n`);
  await say('\x16\x03\x01\x02\x00');
  const [served, refused] = echo.lines.map((line) => JSON.parse(line));
  t.match(served, { outcome: 'ok', advice: undefined });
  t.match(refused, { outcome: 'refused', advice: /^The client speaks TLS to the plain HTTP port/ });
});

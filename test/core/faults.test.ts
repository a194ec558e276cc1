import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls';
import t, { type Test } from 'tap';
import { FAULTS, readFault } from '../../server/core/faults/catalogue.ts';
import { breaksHttp, sendBroken } from '../../server/core/faults/http.ts';
import { ldapResultOf } from '../../server/core/faults/ldap.ts';
import { certificates, missing } from './tls/certificates.ts';

const ANSWER = {
  status: 200,
  headers: [
    ['Content-Type', 'text/xml'],
    ['Content-Length', '999'],
    ['X-Own', 'kept'],
  ] as [string, string][],
  body: Buffer.from('<gpOBJECT>0123456789</gpOBJECT>'),
};

interface Seen {
  bytes: Buffer;
  text: string;
  /** How the connection ended for the client. */
  end: 'end' | 'open' | string;
}

const random = (length: number) => Buffer.alloc(length, 0xa5);

function listen(t: Test, server: Server | ReturnType<typeof createTlsServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    t.teardown(() => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
  });
}

/** Reads until the connection ends, or for so long. */
function watch(socket: Socket, withinMs = 5_000): Promise<Seen> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const finish = (end: string) => {
      clearTimeout(timer);
      const bytes = Buffer.concat(chunks);
      resolve({ bytes, text: bytes.toString('latin1'), end });
      socket.destroy();
    };
    const timer = setTimeout(() => finish('open'), withinMs);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('end', () => finish('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

async function broken(t: Test, fault: string | Record<string, unknown>, withinMs?: number): Promise<Seen> {
  const reading = readFault(fault);
  t.same(reading.faults, []);
  const server = createServer((_request, response) => void sendBroken(response, ANSWER, reading.fault!, random));
  const socket = connect(await listen(t, server), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return watch(socket, withinMs);
}

const bodyOf = (seen: Seen) => seen.text.slice(seen.text.indexOf('\r\n\r\n') + 4);

t.test('empty closes without a byte, garbage with bytes that are not HTTP', async (t) => {
  const { text, end } = await broken(t, 'empty');
  t.same({ text, end }, { text: '', end: 'end' });
  const garbage = await broken(t, { name: 'garbage', bytes: 32 });
  t.equal(garbage.bytes.length, 32);
  t.equal(garbage.end, 'end');
});

t.test('reset is a TCP reset, at once or in the middle', async (t) => {
  t.match(await broken(t, 'reset'), { text: '', end: 'ECONNRESET' });
  const middle = await broken(t, { name: 'reset', after: 15 });
  t.match(middle, { text: 'HTTP/1.1 200 OK', end: 'ECONNRESET' });
});

t.test('reset under TLS is a TCP reset as well, with no goodbye', { skip: missing('openssl') }, async (t) => {
  const { server: credentials, ca } = certificates();
  const http = createServer((_request, response: ServerResponse) => {
    void sendBroken(response, ANSWER, { name: 'reset', options: { after: 0 } }, random);
  });
  const server = createTlsServer(credentials, (socket) => http.emit('connection', socket));
  const port = await listen(t, server);
  const socket = tlsConnect({
    port,
    host: '127.0.0.1',
    ca,
    servername: 'localhost',
    checkServerIdentity: () => undefined,
  });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  t.match(await watch(socket), { text: '', end: 'ECONNRESET' });
});

t.test('truncate promises the whole length and closes before', async (t) => {
  const half = await broken(t, 'truncate');
  t.match(half.text, /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/xml\r\nX-Own: kept\r\nContent-Length: 31\r\n/);
  t.equal(bodyOf(half), '<gpOBJECT>01234');
  t.equal(half.end, 'end');
  t.equal(bodyOf(await broken(t, { name: 'truncate', after: 1_000 })).length, 30, 'never the whole body');
});

t.test('half-close ends one side only: the client can go on writing', async (t) => {
  let heard = '';
  const server = createServer((request, response) => {
    request.socket.on('data', (chunk) => {
      heard += chunk;
    });
    void sendBroken(response, ANSWER, { name: 'half-close', options: { after: 5 } }, random);
  });
  const socket = connect({ port: await listen(t, server), host: '127.0.0.1', allowHalfOpen: true });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.resume();
  await new Promise((resolve) => socket.once('end', resolve));
  socket.write('still here');
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.match(heard, 'still here');
  t.notOk(socket.destroyed);
  socket.destroy();
});

t.test('bad-chunk breaks off a chunked body by a size that is no number', async (t) => {
  const seen = await broken(t, { name: 'bad-chunk', after: 4 });
  t.notMatch(seen.text, /Content-Length/);
  t.equal(bodyOf(seen), '4\r\n<gpO\r\nnot-a-size\r\n');
  t.equal(seen.end, 'end');
  const server = createServer((_request, response) => {
    void sendBroken(response, ANSWER, readFault('bad-chunk').fault!, random);
  });
  await t.rejects(fetch(`http://127.0.0.1:${await listen(t, server)}/`).then((answer) => answer.text()));
});

t.test('slow-drip brings the whole body, in its time', async (t) => {
  const began = performance.now();
  const seen = await broken(t, { name: 'slow-drip', bytes: 8, everyMs: 40 });
  t.equal(bodyOf(seen), ANSWER.body.toString());
  t.equal(seen.end, 'end');
  t.ok(performance.now() - began > 120, 'four pieces, 40 ms apart');
});

t.test('silence says nothing until the client goes, and then holds nothing', async (t) => {
  let ended: Promise<void> | undefined;
  const server = createServer((_request, response) => {
    ended = sendBroken(response, ANSWER, { name: 'silence', options: {} }, random);
  });
  const socket = connect(await listen(t, server), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  t.match(await watch(socket, 300), { text: '', end: 'open' });
  await ended;
});

t.test('a broken answer waits for its turn on a connection with several requests', async (t) => {
  let n = 0;
  const server = createServer((_request, response) => {
    if (n++ === 0) setTimeout(() => response.end('first'), 50);
    else void sendBroken(response, ANSWER, { name: 'truncate', options: { after: 3 } }, random);
  });
  const socket = connect(await listen(t, server), '127.0.0.1');
  socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  t.match((await watch(socket)).text, /first.*X-Own: kept.*<gp$/s);
});

t.test('every fault of the HTTP layer has something that does it', async (t) => {
  for (const [name, { layer }] of Object.entries(FAULTS)) {
    t.equal(breaksHttp(name) || name === 'delay', layer === 'http', name);
  }
});

t.test('LDAP faults stand for the result codes of RFC 4511', async (t) => {
  const result = (fault: string | Record<string, unknown>) => ldapResultOf(readFault(fault).fault!);
  t.same(result('ldap-busy'), { code: 51, message: '' });
  t.same(result({ name: 'ldap-time-limit', message: 'too slow' }), { code: 3, message: 'too slow' });
  t.same(result({ name: 'ldap-result', code: 'noSuchObject' }), { code: 32, message: '' });
  t.same(result({ name: 'ldap-result', code: '80' }), { code: 80, message: '' });
  t.equal(result('ldap-cut'), undefined);
  t.equal(result('reset'), undefined);
});

t.test('a fault that is written wrong is refused with what was probably meant', async (t) => {
  t.match(readFault('resett').faults, [
    { path: [], message: /no fault "resett"/, suggestion: 'did you mean "reset"?' },
  ]);
  t.match(readFault({ name: 'truncate', afer: 1 }).faults, [{ path: ['afer'], suggestion: 'did you mean "after"?' }]);
  t.match(readFault('delay').faults, [{ message: '"ms" is missing' }]);
  t.match(readFault({ name: 'ldap-result', code: 'buzy' }).faults, [{ suggestion: /"busy"/ }]);
  t.match(readFault({ name: 'slow-drip', bytes: 0 }).faults, [{ message: 'must be at least 1' }]);
  t.match(readFault('tls-wrong-name').faults, [
    { message: /can not be used in a rule yet/, suggestion: /TLS profile/ },
  ]);
});

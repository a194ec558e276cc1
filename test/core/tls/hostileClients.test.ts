/** Slow, broken, oversized and half-open clients: each is bounded, told once, and harms nobody else. */
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import t, { type Test } from 'tap';
import { createFrontDoor } from '../../../server/core/tls/frontDoor.ts';
import { buildProfiles } from '../../../server/core/tls/profileSet.ts';
import { mutated, seeded } from '../fuzz.ts';
import { certificates, missing } from './certificates.ts';
import { nodeClient, openDoor, readAll, sClient, tcp, until } from './door.ts';

const OPTIONS = { skip: missing('openssl') };

/** The hello of a real client. */
async function realHello(): Promise<Buffer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const hello = new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        socket.destroy();
        server.close();
        resolve(data);
      });
    });
  });
  connectTls({ port, host: '127.0.0.1', servername: 'tls12-floor.sim.test' }).on('error', () => {});
  return hello;
}

const hello = await realHello();

/** The door still serves a good client. */
async function serves(t: Test, port: number): Promise<void> {
  t.match((await nodeClient(port, 'tls12-floor')).facts, { protocol: 'TLSv1.3' }, 'a good client is served');
}

t.test('a hello must be complete in time, however it trickles', OPTIONS, async (t) => {
  const { port, refusals, refusal, door } = await openDoor(t, { limits: { helloMs: 300 } });
  const silent = await tcp(t, port);
  const half = await tcp(t, port);
  half.write(hello.subarray(0, 100));
  const trickle = await tcp(t, port);
  let at = 0;
  const drip = setInterval(() => trickle.writable && trickle.write(hello.subarray(at, ++at)), 20);
  t.teardown(() => clearInterval(drip));
  const text = await tcp(t, port);
  text.write('GET / HTTP/1.1\r\n');
  await until(() => door.waiting === 4);
  await serves(t, port);
  const ends = await Promise.all([silent, half, trickle, text].map(readAll));
  for (const bytes of ends) t.equal(bytes.length, 0, 'closed without a word');
  await refusal(4);
  t.strictSame(
    refusals.map(({ reason }) => reason),
    Array(4).fill('hello-timeout'),
  );
  t.strictSame(refusals.map(({ bytes }) => bytes > 0).sort(), [false, true, true, true]);
  t.strictSame([door.waiting, door.pending], [0, 0]);
});

t.test('a hello in many TCP segments is served', OPTIONS, async (t) => {
  const { port, refusals } = await openDoor(t);
  const relay = createServer((client) => {
    const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
    upstream.on('data', (chunk) => client.write(chunk));
    upstream.on('close', () => client.destroy());
    client.on('error', () => {});
    client.once('data', async (first) => {
      for (const byte of first) {
        upstream.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      client.on('data', (chunk) => upstream.write(chunk));
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  t.teardown(() => relay.close());
  const relayPort = (relay.address() as { port: number }).port;
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    t.match((await nodeClient(relayPort, 'tls12-floor', { maxVersion })).facts, { protocol: maxVersion });
  }
  t.strictSame(refusals, []);
});

t.test('2,000 idle connections keep nobody out', OPTIONS, async (t) => {
  const { port, refusal, refusals, door } = await openDoor(t, { limits: { helloMs: 2500 } });
  const idle: Socket[] = [];
  // In portions: beyond the listen backlog the system leaves connections half made.
  while (idle.length < 2000) {
    idle.push(...(await Promise.all(Array.from({ length: 200 }, () => tcp(t, port)))));
    await until(() => door.waiting + refusals.length === idle.length);
  }
  t.ok(door.waiting > 0, 'idle ones are there');
  await serves(t, port);
  await Promise.all(idle.map(readAll));
  await refusal(2000);
  t.equal(refusals.length, 2000);
  t.equal(door.pending, 0);
});

t.test('beyond the limit the connection that waited longest goes', OPTIONS, async (t) => {
  const { port, refusals, refusal, door } = await openDoor(t, { limits: { pendingHellos: 3 } });
  const sockets: Socket[] = [];
  for (let count = 1; count <= 3; count += 1) {
    sockets.push(await tcp(t, port));
    await until(() => door.waiting === count);
  }
  const first = sockets[0]!.localPort;
  await serves(t, port);
  t.match(await refusal(), { reason: 'too-many-pending', peer: { port: first } });
  t.equal(refusals.length, 1);
});

t.test('connections that end before or in the hello', OPTIONS, async (t) => {
  const endings: [string, (socket: Socket) => void, string][] = [
    ['FIN at once', (socket) => socket.end(), 'no-hello'],
    ['reset at once', (socket) => socket.resetAndDestroy(), 'no-hello'],
    ['FIN in the hello', (socket) => socket.end(hello.subarray(0, 50)), 'hello-cut-off'],
    [
      'reset in the hello',
      (socket) => socket.write(hello.subarray(0, 50), () => setTimeout(() => socket.resetAndDestroy(), 20)),
      'hello-cut-off',
    ],
  ];
  const { port, refusals, refusal, door } = await openDoor(t);
  for (const [name, end, reason] of endings) {
    const before = refusals.length;
    const socket = await tcp(t, port);
    end(socket);
    t.equal((await refusal(before + 1)).reason, reason, name);
    await until(() => socket.destroyed || socket.readableEnded || !socket.readable || socket.resume().readableEnded);
  }
  await serves(t, port);
  t.equal(refusals.length, endings.length);
  t.equal(door.pending, 0);
});

t.test('connections that end in the handshake', OPTIONS, async (t) => {
  const endings: [string, (socket: Socket) => void][] = [
    ['hello and FIN together', (socket) => socket.end(hello)],
    ['hello and reset', (socket) => socket.write(hello, () => socket.resetAndDestroy())],
    [
      'FIN after the server has answered',
      (socket) => socket.write(hello, () => socket.once('data', () => socket.end())),
    ],
    [
      'reset after the server has answered',
      (socket) => socket.write(hello, () => socket.once('data', () => socket.resetAndDestroy())),
    ],
  ];
  const { port, refusals, refusal, door } = await openDoor(t);
  for (const [name, end] of endings) {
    const before = refusals.length;
    const socket = await tcp(t, port);
    end(socket);
    t.match(await refusal(before + 1), { reason: 'handshake-cut-off', hello: { sni: 'tls12-floor.sim.test' } }, name);
  }
  await serves(t, port);
  t.equal(refusals.length, endings.length);
  t.equal(door.pending, 0);
});

t.test('a handshake must end in time', OPTIONS, async (t) => {
  const { port, refusals, refusal, door } = await openDoor(t, { limits: { handshakeMs: 200 } });
  const socket = await tcp(t, port);
  socket.write(hello);
  const answer = await readAll(socket);
  t.equal(answer[0], 22, 'the server had answered');
  t.match(await refusal(), { reason: 'handshake-timeout', profile: 'tls12-floor' });
  t.equal(refusals.length, 1);
  t.equal(door.pending, 0);
});

t.test('garbage in the handshake', OPTIONS, async (t) => {
  const { port, refusal, refusals } = await openDoor(t);
  const socket = await tcp(t, port);
  socket.write(hello);
  socket.once('data', () => socket.write(Buffer.alloc(2000, 0x41)));
  await readAll(socket);
  t.match(await refusal(), { advice: /./ });
  t.equal(refusals.length, 1);
  await serves(t, port);
});

t.test('broken hellos get an alert that a client can read', OPTIONS, async (t) => {
  const cases: [string, Buffer, number][] = [
    ['a record of 64 KiB', Buffer.from('160301ffff', 'hex'), 22],
    ['a hello of 16 MiB', Buffer.from('160301000401ffffff', 'hex'), 47],
    ['another handshake message', Buffer.from('160301000402000000', 'hex'), 10],
    ['an empty hello', Buffer.from('160301000401000000', 'hex'), 50],
    ['a hello of SSL 2.0', Buffer.from('8009010002000000000000', 'hex'), 70],
  ];
  const { port, refusals } = await openDoor(t);
  for (const [name, bytes, code] of cases) {
    const socket = await tcp(t, port);
    socket.write(bytes);
    const answer = await readAll(socket);
    t.strictSame(answer, Buffer.from([21, 3, code === 70 ? 0 : 3, 0, 2, 2, code]), name);
  }
  t.equal(refusals.length, cases.length);
});

t.test('mutated hellos over real sockets: one report each, and the door stands', OPTIONS, async (t) => {
  const random = seeded(11);
  const { port, refusals, faults, door } = await openDoor(t, {
    limits: { helloMs: 200, handshakeMs: 200, lingerMs: 100 },
  });
  const rounds = 600;
  const one = async () => {
    const socket = await tcp(t, port);
    socket.write(mutated(hello, random));
    await readAll(socket);
    socket.destroy();
  };
  for (let done = 0; done < rounds; done += 50) await Promise.all(Array.from({ length: 50 }, one));
  await until(() => door.pending === 0);
  t.equal(refusals.length, rounds);
  t.strictSame(faults, []);
  await serves(t, port);
});

t.test('faults on purpose', OPTIONS, async (t) => {
  const fault = (action: string, delayMs = 0) => ({ fault: { delayMs, action } });
  const profiles = {
    resetting: fault('reset'),
    silent: fault('silence'),
    half: fault('half-close'),
    slow: fault('proceed', 300),
    'slow-reset': fault('reset', 100),
  };
  const { port, refusals, refusal, door } = await openDoor(t, { profiles, limits: { handshakeMs: 400 } });
  const started = performance.now();
  t.ok((await nodeClient(port, 'slow')).facts);
  t.ok(performance.now() - started >= 300, 'slow but good');
  t.equal((await nodeClient(port, 'resetting')).error, 'ECONNRESET');
  t.equal((await nodeClient(port, 'slow-reset')).error, 'ECONNRESET');
  t.ok((await nodeClient(port, 'half')).error);
  const silent = performance.now();
  t.ok((await nodeClient(port, 'silent')).error);
  t.ok(performance.now() - silent >= 350, 'said nothing for as long as a handshake may take');
  await refusal(4);
  for (const told of refusals) t.match(told, { reason: 'fault', advice: /on purpose/ });
  t.equal(refusals.length, 4);
  t.equal(door.pending, 0);
});

t.test('closing the door ends what is not secure yet', OPTIONS, async (t) => {
  const profiles = { slow: { fault: { delayMs: 60_000, action: 'proceed' } } };
  const { port, refusals, door } = await openDoor(t, { profiles });
  const waiting = await tcp(t, port);
  const shaking = await tcp(t, port);
  shaking.write(hello);
  const delayed = nodeClient(port, 'slow');
  const refused = await tcp(t, port);
  refused.write(Buffer.from('160301ffff', 'hex'));
  await until(() => door.pending === 3 && refusals.length === 1);
  door.close();
  await Promise.all([waiting, shaking, refused].map(readAll));
  await delayed;
  t.strictSame(
    refusals.slice(1).map(({ reason }) => reason),
    Array(3).fill('shutting-down'),
  );
  const late = await tcp(t, port);
  await readAll(late);
  await until(() => refusals.length === 5);
  t.equal(refusals[4]!.reason, 'shutting-down');
});

t.test('a listener that throws loses its connection only', OPTIONS, async (t) => {
  const { profiles } = buildProfiles();
  const { server, ca } = certificates();
  const faults: unknown[] = [];
  const credentials = { cert: server.cert, key: server.key };
  const trust = { ca: [ca] };
  const door = createFrontDoor({
    hosts: () => ({ profile: profiles.get('tls12-floor')!, known: true }),
    credentials: () => credentials,
    clientTrust: () => trust,
    onSecure: () => {
      throw new Error('listener');
    },
    onRefused: () => {},
    onFault: (error) => faults.push(error),
    plainText: 'close',
    clock: { now: () => Date.now(), date: () => new Date() },
  });
  const tcpServer = createServer((socket) => door.accept(socket));
  await new Promise<void>((resolve) => tcpServer.listen(0, '127.0.0.1', resolve));
  t.teardown(() => tcpServer.close());
  await nodeClient((tcpServer.address() as { port: number }).port, 'x');
  t.match(faults, [{ message: 'listener' }]);
});

t.test('TLS can start on a connection that has spoken before (StartTLS)', OPTIONS, async (t) => {
  const { door } = await openDoor(t);
  const plain = createServer((socket) => {
    socket.once('data', () => {
      socket.write('go\n');
      door.accept(socket, (secure, facts) => secure.end(`secret over ${facts.protocol}\n`));
    });
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  t.teardown(() => plain.close());
  const socket = await tcp(t, (plain.address() as { port: number }).port);
  socket.write('start\n');
  await new Promise((resolve) => socket.once('data', resolve));
  const secure = connectTls({ socket, servername: 'tls12-floor.sim.test', rejectUnauthorized: false });
  t.equal(String(await readAll(secure)), 'secret over TLSv1.3\n');
});

t.test('errors after the handshake end one connection', OPTIONS, async (t) => {
  const { port } = await openDoor(t);
  for (let round = 0; round < 20; round += 1) {
    const raw = await tcp(t, port);
    const secure = connectTls({ socket: raw, servername: 'tls12-floor.sim.test', rejectUnauthorized: false });
    // The server's alert does not end the socket below by itself.
    secure.on('error', () => raw.destroy());
    await new Promise((resolve) => secure.once('secureConnect', resolve));
    if (round % 2) secure.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n', () => raw.resetAndDestroy());
    else raw.write(Buffer.alloc(500, 0x55));
    await new Promise((resolve) => (raw.destroyed ? resolve(0) : raw.once('close', resolve)));
  }
  await serves(t, port);
  t.match((await sClient(port, 'legacy-tls10', '-tls1', '-cipher', 'DEFAULT@SECLEVEL=0')).facts, {
    protocol: 'TLSv1.0',
  });
});

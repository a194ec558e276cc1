import { execFileSync, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import t from 'tap';
import { CIPHER_SUITE_NAMES, cipherSuiteHex, cipherSuiteName } from '../../../server/core/tls/cipherSuites.ts';
import type { ClientHello } from '../../../server/core/tls/clientHello.ts';
import { type HelloProgress, HelloReader } from '../../../server/core/tls/helloReader.ts';
import { TLS_LIMITS } from '../../../server/core/tls/limits.ts';
import { mutated, seeded } from '../fuzz.ts';
import { missing } from './certificates.ts';

/** The first bytes that a real client sends to this port. */
async function captured(start: (port: number) => () => void): Promise<Buffer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hello = new Promise<Buffer>((resolve) => {
    server.once('connection', (socket) => {
      socket.on('error', () => {});
      socket.once('data', (data) => {
        socket.destroy();
        resolve(data);
      });
    });
  });
  const stop = start((server.address() as AddressInfo).port);
  const bytes = await hello;
  stop();
  server.close();
  return bytes;
}

function fromNode(options: ConnectionOptions): Promise<Buffer> {
  return captured((port) => {
    const socket = connect({ port, host: '127.0.0.1', ...options });
    socket.on('error', () => {});
    return () => socket.destroy();
  });
}

function fromOpenssl(...args: string[]): Promise<Buffer> {
  return captured((port) => {
    const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args], { stdio: 'ignore' });
    return () => child.kill();
  });
}

function read(...chunks: Buffer[]): HelloProgress {
  const reader = new HelloReader(TLS_LIMITS);
  let progress: HelloProgress = { state: 'more' };
  for (const chunk of chunks) {
    progress = reader.push(chunk);
    if (progress.state !== 'more') break;
  }
  return progress;
}

/** All of it, the lists too that are read when they are asked for. */
function helloOf(...chunks: Buffer[]): ClientHello {
  const progress = read(...chunks);
  if (progress.state !== 'hello') throw new Error(`no hello: ${JSON.stringify(progress)}`);
  const { algorithms, ...hello } = progress.hello as ClientHello & { algorithms: unknown };
  const { cipherSuites, signatureAlgorithms } = progress.hello;
  return { ...hello, cipherSuites, signatureAlgorithms };
}

function bytewise(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}

/** The same message in records of `size` bytes. */
function refragmented(record: Buffer, size: number): Buffer {
  const message = record.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size);
    records.push(Buffer.from([22, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat(records);
}

const real = await fromNode({
  servername: 'MSG.dev.Spine2.test',
  ALPNProtocols: ['h2', 'http/1.1'],
  minVersion: 'TLSv1.2',
});

t.test('a real hello tells its versions, host name, suites and protocols', async (t) => {
  const hello = helloOf(real);
  t.equal(hello.format, 'tls');
  t.equal(hello.legacyVersion, 'TLSv1.2');
  t.strictSame(hello.offeredVersions, ['TLSv1.3', 'TLSv1.2']);
  t.equal(hello.versionsListed, true);
  t.equal(hello.sni, 'msg.dev.spine2.test');
  t.strictSame(hello.alpn, ['h2', 'http/1.1']);
  t.ok(hello.cipherSuites.map(cipherSuiteName).includes('TLS_AES_256_GCM_SHA384'));
  t.ok(hello.signatureAlgorithms!.includes(0x0804), 'rsa_pss_rsae_sha256');
});

t.test(
  'without supported_versions the legacy version is the highest that is offered',
  { skip: missing('openssl') },
  async (t) => {
    for (const [flag, version] of [
      ['-tls1', 'TLSv1.0'],
      ['-tls1_1', 'TLSv1.1'],
      ['-tls1_2', 'TLSv1.2'],
    ] as const) {
      const hello = helloOf(await fromOpenssl(flag, '-cipher', 'DEFAULT@SECLEVEL=0', '-noservername'));
      t.strictSame(hello.offeredVersions, [version]);
      t.equal(hello.versionsListed, false);
      t.equal(hello.sni, undefined);
    }
  },
);

t.test('a hello is the same however TCP and records cut it', async (t) => {
  const whole = helloOf(real);
  t.strictSame(helloOf(...bytewise(real)), whole, 'a byte at a time');
  const expected = JSON.stringify(whole);
  const cuts = Array.from({ length: real.length - 1 }, (_, index) => index + 1);
  t.strictSame(
    cuts.filter((cut) => JSON.stringify(helloOf(real.subarray(0, cut), real.subarray(cut))) !== expected),
    [],
  );
  for (const size of [1, 3, 4, 5, 100, real.length - 6]) {
    t.strictSame(helloOf(refragmented(real, size)), whole, `records of ${size}`);
    t.strictSame(helloOf(...bytewise(refragmented(real, size))), whole, `records of ${size}, a byte at a time`);
  }
});

t.test('every byte that came is kept for OpenSSL', async (t) => {
  const reader = new HelloReader(TLS_LIMITS);
  const surplus = Buffer.concat([refragmented(real, 7), Buffer.from('more')]);
  for (const byte of bytewise(surplus.subarray(0, -10))) reader.push(byte);
  reader.push(surplus.subarray(-10));
  t.strictSame(reader.received, surplus);
});

t.test('every truncation of a real hello waits for more', async (t) => {
  const lengths = Array.from({ length: real.length }, (_, length) => length);
  t.strictSame(
    lengths.filter((length) => read(real.subarray(0, length)).state !== 'more'),
    [],
  );
});

t.test('a truncated message in a whole record is malformed', async (t) => {
  const body = real.subarray(9);
  const taken: number[] = [];
  for (let length = 0; length < body.length; length += 1) {
    const cut = Buffer.concat([Buffer.alloc(9), body.subarray(0, length)]);
    cut.set([22, 3, 1, (length + 4) >> 8, (length + 4) & 0xff, 1, 0, length >> 8, length & 0xff]);
    const progress = read(cut);
    if (progress.state === 'hello') taken.push(length);
    else if (progress.state !== 'bad' || progress.alert !== 'decode_error')
      t.fail(`${length} bytes: ${progress.state}`);
  }
  t.equal(taken.length, 1, 'a hello may end before its extensions (RFC 5246 7.4.1.2), nowhere else');
});

t.test('no mutation of a hello makes the reader throw', async (t) => {
  const random = seeded(8446);
  let suites = 0;
  const states = new Map<string, number>();
  for (let round = 0; round < 30_000; round += 1) {
    const bytes = mutated(real, random);
    const cut = random(bytes.length + 1);
    const progress = read(bytes.subarray(0, cut), bytes.subarray(cut));
    states.set(progress.state, (states.get(progress.state) ?? 0) + 1);
    // The lists are read when they are asked for.
    if (progress.state === 'hello') suites += progress.hello.cipherSuites.length;
  }
  t.ok(suites > 0);
  for (const state of ['hello', 'bad', 'more']) t.ok(states.get(state)! > 100, `some became ${state}`);
});

t.test('random bytes behind a record header never throw', async (t) => {
  const random = seeded(5246);
  let heldForText = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Buffer.from(Array.from({ length: 9 + random(120) }, () => random(256)));
    bytes.set([22, 3, random(4), 0, bytes.length - 5, 1, 0, 0, bytes.length - 9]);
    if (read(bytes).state === 'plain') heldForText += 1;
  }
  t.equal(heldForText, 0);
});

t.test('GREASE is left out (RFC 8701)', async (t) => {
  const grease = Buffer.from('0a0a', 'hex');
  const suites = Buffer.concat([grease, Buffer.from('1301c02ffafa', 'hex')]);
  const versions = Buffer.from('002b0007066a6a03040303', 'hex');
  const alpn = Buffer.from('0010000e000c02aaaa08687474702f312e31', 'hex');
  const extensions = Buffer.concat([Buffer.from('1a1a0000', 'hex'), versions, alpn]);
  const hello = helloOf(recordOf(0x0303, suites, extensions));
  t.strictSame(hello.cipherSuites, [0x1301, 0xc02f]);
  t.strictSame(hello.offeredVersions, ['TLSv1.3', 'TLSv1.2']);
  t.strictSame(hello.alpn, ['http/1.1']);
});

t.test('a host name is one or it is nothing', async (t) => {
  const withName = (name: string) => {
    const bytes = Buffer.from(name, 'latin1');
    const extension = Buffer.alloc(9);
    extension.writeUInt16BE(bytes.length + 5, 2);
    extension.writeUInt16BE(bytes.length + 3, 4);
    extension.writeUInt16BE(bytes.length, 7);
    return helloOf(recordOf(0x0303, Buffer.from('1301', 'hex'), Buffer.concat([extension, bytes]))).sni;
  };
  t.equal(withName('Msg.Dev.test.'), 'msg.dev.test', 'lower case, no final dot');
  for (const name of ['', 'a\0b', 'a b', 'a\r\nb', '<script>', 'ü.test', `${'a'.repeat(254)}`, '.', '-']) {
    t.equal(withName(name), undefined, JSON.stringify(name));
  }
});

t.test('the SSLv2 form is read (RFC 5246 E.2)', async (t) => {
  const suites = Buffer.from('00002f000035010080', 'hex');
  const body = Buffer.concat([
    Buffer.from('01030100090000', 'hex'),
    Buffer.from('0010', 'hex'),
    suites,
    Buffer.alloc(16, 7),
  ]);
  const bytes = Buffer.concat([Buffer.from([0x80, body.length]), body]);
  const expected = { format: 'sslv2', offeredVersions: ['TLSv1.0'], cipherSuites: [0x002f, 0x0035] };
  t.match(helloOf(bytes), expected);
  t.match(helloOf(...bytewise(bytes)), expected);
  for (let length = 0; length < bytes.length; length += 1) t.equal(read(bytes.subarray(0, length)).state, 'more');
});

t.test('what is no hello is told apart', async (t) => {
  const cases: [string, Buffer, Partial<HelloProgress>][] = [
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n'), { state: 'plain' }],
    ['an LDAP message', Buffer.from('300c0201', 'hex'), { state: 'plain' }],
    ['high bytes', Buffer.from('ffffffff', 'hex'), { state: 'bad', reason: 'not-tls' }],
    [
      'a huge record',
      Buffer.from('160301ffff', 'hex'),
      { state: 'bad', reason: 'malformed-hello', alert: 'record_overflow' },
    ],
    [
      'an empty record',
      Buffer.from('1603010000', 'hex'),
      { state: 'bad', reason: 'malformed-hello', alert: 'unexpected_message' },
    ],
    [
      'another protocol version',
      Buffer.from('1604010010', 'hex'),
      { state: 'bad', reason: 'malformed-hello', alert: 'protocol_version' },
    ],
    [
      'another message',
      Buffer.from('160301000402000000', 'hex'),
      { state: 'bad', reason: 'malformed-hello', alert: 'unexpected_message' },
    ],
    [
      'a huge hello',
      Buffer.from('160301000401ffffff', 'hex'),
      { state: 'bad', reason: 'oversized-hello', alert: 'illegal_parameter' },
    ],
    [
      'an alert',
      Buffer.from('16030100010115030100020100', 'hex'),
      { state: 'bad', reason: 'malformed-hello', alert: 'unexpected_message' },
    ],
  ];
  for (const [name, bytes, expected] of cases) t.match(read(bytes), expected, name);
});

t.test('a hello over more records than allowed is refused', async (t) => {
  const message = Buffer.concat([Buffer.from([1, 0, 0x70, 0]), Buffer.alloc(0x7000)]);
  const wire = refragmented(Buffer.concat([Buffer.alloc(5), message]), 1);
  t.match(read(wire), { state: 'bad', reason: 'oversized-hello' });
});

t.test('suites are named as OpenSSL names them', { skip: missing('openssl') }, async (t) => {
  const listed = execFileSync('openssl', ['ciphers', '-V', '-stdname', 'ALL:eNULL:@SECLEVEL=0'], { encoding: 'utf8' });
  let compared = 0;
  for (const line of listed.trim().split('\n')) {
    const [, high, low, name] = /0x(..),0x(..) - (\S+)/.exec(line)!;
    const code = Number.parseInt(`${high}${low}`, 16);
    const ours = CIPHER_SUITE_NAMES.get(code);
    if (ours === undefined) continue;
    t.equal(ours, name, cipherSuiteHex(code));
    compared += 1;
  }
  t.ok(compared > 40, `${compared} compared`);
  t.equal(cipherSuiteName(0x1234), '0x1234');
});

/** A hello of these parts in one record. */
function recordOf(version: number, suites: Buffer, extensions: Buffer): Buffer {
  const fixed = Buffer.alloc(35);
  fixed.writeUInt16BE(version, 0);
  const lengths = Buffer.alloc(4);
  lengths.writeUInt16BE(suites.length, 0);
  lengths.writeUInt16BE(extensions.length, 2);
  const body = Buffer.concat([
    fixed,
    lengths.subarray(0, 2),
    suites,
    Buffer.from([1, 0]),
    lengths.subarray(2),
    extensions,
  ]);
  const header = Buffer.from([22, 3, 1, 0, 0, 1, 0, 0, 0]);
  header.writeUInt16BE(body.length + 4, 3);
  header.writeUIntBE(body.length, 6, 3);
  return Buffer.concat([header, body]);
}

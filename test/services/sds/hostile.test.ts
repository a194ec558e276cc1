import { execFile } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { BerWriter } from '../../../server/services/sds/ber/writer.ts';
import { MAX_UNSENT_BYTES, PARTIAL_MESSAGE_MS, STALLED_READER_MS } from '../../../server/services/sds/limits.ts';
import { mutated, seeded } from '../../core/fuzz.ts';
import { bindMessage, extendedMessage, message, RawClient, searchMessage } from './rawClient.ts';
import { type SeedDirectory, startSeedDirectory } from './seedDirectory.ts';

const run = promisify(execFile);
t.setTimeout(120_000);

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Octets that objects and buffers hold. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** An ordinary look-up still works, on a connection of its own. */
async function stillServes(directory: SeedDirectory, port = directory.port): Promise<boolean> {
  const client = await RawClient.open(port);
  const { entries, code } = await client.search({
    base: 'ou=services,o=nhs',
    filter: '(nhsMHSPartyKey=YES-0000806)',
    sizeLimit: 1,
  });
  client.close();
  const open = directory.sds.connections;
  while (directory.sds.connections === open) await new Promise((resolve) => setTimeout(resolve, 5));
  return entries.length === 1 && code === 4 && directory.faults.length === 0;
}

/** A search whose filter nests so deep. */
function nestedSearch(depth: number): Buffer {
  let filter: Buffer = hex('870b6f626a656374436c617373');
  for (let n = 0; n < depth; n++) {
    const writer = new BerWriter(filter.length + 8);
    writer.octets(filter, 0xa2);
    filter = writer.take();
  }
  return message(1, 0x63, (writer) => {
    writer.string('o=nhs');
    writer.enumerated(2);
    writer.enumerated(0);
    writer.integer(0);
    writer.integer(0);
    writer.boolean(false);
    writer.raw(filter);
    writer.header(0x30, 0);
  });
}

t.test('octets that are no LDAP get a notice of disconnection, and nobody else notices', async (t) => {
  const directory = await startSeedDirectory(t);
  const cases: [name: string, octets: Buffer | string][] = [
    ['an HTTP request', 'GET / HTTP/1.1\r\nHost: ldap\r\n\r\n'],
    ['telnet negotiation', hex('fffd18 fffd20 fffd23')],
    ['a TLS hello on the clear port', hex('16030100c8010000c40303')],
    ['an empty message', hex('3000')],
    ['a length of 4 GiB', hex('3084ffffffff')],
    ['a length of 1.8 GB', hex('30846b49d200 0201')],
    ['the indefinite form', hex('3080 020101 4200 0000')],
    ['a length of five octets', hex('3085 0000000005 0201014200')],
    ['an unknown operation', hex('3005 020101 7f00')],
    ['a response instead of a request', hex('300c 020101 6507 0a0100 0400 0400')],
    ['message id 0', hex('3005 020100 4200')],
    ['a negative message id', hex('3005 0201ff 4200')],
    ['a message id of five octets', hex('3009 0205 0100000000 4200')],
    ['an operation longer than the message', hex('3006 020101 60ff 00')],
    ['a search without its filter', hex('300e 020101 6309 0400 0a0102 0a0100 02')],
    ['random octets', Buffer.from(Array.from({ length: 300 }, (_, n) => (n * 73 + 11) & 0xff))],
  ];
  for (const [name, octets] of cases) {
    const client = await RawClient.open(directory.port);
    client.socket.write(octets);
    await client.until(() => client.closed);
    const [notice] = client.received;
    t.match(
      { id: notice?.id, code: notice?.code, oid: notice?.oid },
      { id: 0, code: 2, oid: '1.3.6.1.4.1.1466.20036' },
      name,
    );
  }
  t.ok(await stillServes(directory));
  const [newest] = directory.context.journal.find({}, { limit: 1 });
  t.equal(newest!.operation, 'search');
  const entries = directory.context.journal.find({}).filter(({ operation }) => operation === 'undecodable');
  t.equal(entries.length, cases.length, 'each is in the journal');
  t.match(entries.at(-1)!.advice, /HTTP request/);
  t.match(entries.at(-3)!.advice, /TLS hello on the clear-text port/);
});

t.test('requests that can be read but not carried out get a result, and the session goes on', async (t) => {
  const directory = await startSeedDirectory(t);
  const client = await RawClient.open(directory.port);
  t.teardown(() => client.close());
  const ask = async (octets: Buffer) => (await client.ask(octets[4]!, octets)).code;
  t.equal(await ask(nestedSearch(10_000).fill(1, 7, 8)).catch(() => -1), -1, 'a broken frame is another matter');
  const again = await RawClient.open(directory.port);
  t.teardown(() => again.close());
  t.equal((await again.ask(1, nestedSearch(10_000))).code, 11, 'a filter 10,000 deep');
  t.equal(
    (
      await again.ask(
        2,
        message(2, 0x60, (writer) => {
          writer.integer(3);
          writer.string('');
          const sasl = writer.begin(0xa3);
          writer.string('EXTERNAL');
          writer.end(sasl);
        }),
      )
    ).code,
    7,
    'SASL EXTERNAL',
  );
  t.equal(
    (
      await again.ask(
        3,
        message(3, 0x60, (writer) => {
          writer.integer(3);
          writer.string('');
          const sasl = writer.begin(0xa3);
          writer.string('DIGEST-MD5');
          writer.string('credentials');
          writer.end(sasl);
        }),
      )
    ).code,
    7,
    'SASL with credentials',
  );
  t.equal(
    (
      await again.ask(
        4,
        message(4, 0x60, (writer) => {
          writer.integer(3);
          writer.string('');
          writer.octets(Buffer.alloc(3), 0x85);
        }),
      )
    ).code,
    7,
    'an unknown authentication choice',
  );
  t.equal((await again.ask(5, bindMessage(5, '', '', 2))).code, 2, 'version 2');
  t.equal((await again.ask(6, extendedMessage(6, '1.2.3.4'))).code, 2, 'an unknown extended operation');
  t.equal((await again.ask(7, extendedMessage(7, 'not an oid'))).code, 2);
  const search = (id: number, options: object) => again.ask(id, searchMessage(id, options));
  t.equal((await search(8, { base: 'nonsense' })).code, 34, 'a base that is no DN');
  t.equal((await search(9, { base: 'o=nhs,' })).code, 34);
  t.equal((await search(10, { base: `${'ou=x,'.repeat(2000)}o=nhs` })).code, 34, 'a base of 2,001 levels');
  t.equal((await search(11, { scope: 7 })).code, 2, 'an unknown scope');
  t.equal((await search(12, { sizeLimit: -1 })).code, 2);
  t.equal((await search(13, { controls: [{ oid: '1.2.3.4', critical: true }] })).code, 12);
  t.equal((await search(14, { controls: [{ oid: '1.2.840.113556.1.4.319', value: Buffer.from('junk') }] })).code, 2);
  const odd = [
    'nhsMhsEndPoint,',
    '–b',
    '2.5.4.11',
    'ou=services, o=nhs',
    '(&(a=b)(c=d))',
    '',
    ' ',
    '*,',
    '@none',
    '+',
    '1.1',
    '\u0000',
    'a'.repeat(10_000),
  ];
  t.equal((await search(15, { attributes: odd, sizeLimit: 1 })).code, 4, 'odd names in the attribute list');
  const unknown = ['', ' ', 'x;y', '1.2.3', 'é', 'nhsIDCode ', '&'].map((attribute) => ({
    type: 'equality',
    attribute,
    value: 'v',
  }));
  t.equal((await search(16, { filter: { type: 'or', items: unknown } })).code, 0, 'odd names in the filter');
  const many = Array.from({ length: 5000 }, () => ({ type: 'present', attribute: 'cn' }));
  t.equal((await search(17, { filter: { type: 'or', items: many } })).code, 11, 'a filter of 5,000 items');
  t.equal(
    (await again.ask(18, searchMessage(18, { filter: { type: 'substrings', attribute: 'cn', any: [] } }))).code,
    2,
  );
  t.ok(await stillServes(directory));
});

t.test('every mutation of real requests leaves the server serving', async (t) => {
  const directory = await startSeedDirectory(t);
  const random = seeded(20_261_121);
  const requests = [
    bindMessage(1),
    searchMessage(2, {
      base: 'ou=services, o=nhs',
      filter: '(&(nhsIDCode=YES) (objectClass=nhsAs))',
      attributes: ['nhsAsSvcIA'],
    }),
    searchMessage(3, { base: '', scope: 0, attributes: ['+'] }),
    extendedMessage(4, '1.3.6.1.4.1.4203.1.11.3'),
    message(5, 0x6e, (writer) => {
      writer.string('o=nhs');
      const assertion = writer.begin(0x30);
      writer.string('o');
      writer.string('nhs');
      writer.end(assertion);
    }),
    message(6, 0x66, (writer) => {
      writer.string('o=nhs');
      writer.header(0x30, 0);
    }),
  ];
  for (let n = 0; n < 1500; n++) {
    const client = await RawClient.open(directory.port);
    client.socket.write(mutated(requests[n % requests.length]!, random));
    client.socket.end();
    await client.until(() => client.closed);
  }
  t.ok(await stillServes(directory));
  t.equal(directory.sds.connections, 0, 'no connection is left');
});

t.test('a reader that never reads costs a bounded amount, and is cut off', async (t) => {
  const directory = await startSeedDirectory(t, { sizeLimit: 1_000_000 });
  const client = connect(directory.port, '127.0.0.1');
  t.teardown(() => client.destroy());
  client.on('error', () => {});
  client.pause();
  const search = (id: number) => searchMessage(id, { base: 'o=nhs' });
  const requests = Buffer.concat(Array.from({ length: 500 }, (_, n) => search(n + 1)));
  const before = memoryInUse();
  client.write(requests);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const grown = memoryInUse() - before;
  t.ok(grown < 16 * MAX_UNSENT_BYTES, `${grown >> 10} kB more than before for 700 MB of answers`);
  t.ok(await stillServes(directory));
  t.equal(directory.sds.connections, 1);
  directory.sds.sweep(performance.now());
  directory.sds.sweep(performance.now() + STALLED_READER_MS + 1);
  t.equal(directory.sds.connections, 0, 'nothing was taken for a minute');
});

t.test('a slow reader gets everything in the end, as it was, whatever others are answered meanwhile', async (t) => {
  const directory = await startSeedDirectory(t, { sizeLimit: 1_000_000 });
  const client = await RawClient.open(directory.port);
  const other = await RawClient.open(directory.port);
  t.teardown(() => client.close());
  t.teardown(() => other.close());
  const search = { base: 'ou=services,o=nhs', filter: '(objectClass=nhsAs)' };
  const expected = await other.search(search);
  client.socket.pause();
  for (let id = 1; id <= 60; id++) client.socket.write(searchMessage(id, search));
  // Answers of this one are put together where those of the slow one were.
  for (let n = 0; n < 10; n++) {
    await other.search({ base: 'ou=organisations,o=nhs' });
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  client.socket.resume();
  await client.until(() => client.received.filter(({ tag }) => tag === 0x65).length === 60, 30_000);
  for (let id = 1; id <= 60; id++) {
    const entries = client.received.filter((one) => one.id === id && one.tag === 0x64);
    const got = entries.map(({ dn, attributes }) => ({ dn, attributes }));
    if (JSON.stringify(got) !== JSON.stringify(expected.entries)) t.fail(`the answer to search ${id} is another one`);
  }
  t.ok(client.received.every(({ code }) => code === undefined || code === 0));
  t.same(directory.faults, []);
});

t.test('half a message and then silence is ended; an idle connection is not', async (t) => {
  const directory = await startSeedDirectory(t);
  const half = await RawClient.open(directory.port);
  const idle = await RawClient.open(directory.port);
  t.teardown(() => idle.close());
  half.socket.write(searchMessage(1, {}).subarray(0, 20));
  await idle.bind();
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.equal(directory.sds.connections, 2);
  directory.sds.sweep(performance.now() + PARTIAL_MESSAGE_MS + 1000);
  await half.until(() => half.closed);
  t.match(half.received[0], { id: 0, code: 2 });
  t.equal((await idle.search({ scope: 0 })).code, 0);
});

t.test('two thousand idle connections do not slow down another', async (t) => {
  const directory = await startSeedDirectory(t);
  const idle: RawClient[] = [];
  // In groups that fit into the system's queue of connections to be accepted.
  while (idle.length < 2000) {
    idle.push(...(await Promise.all(Array.from({ length: 200 }, () => RawClient.open(directory.port)))));
  }
  t.teardown(() => {
    for (const client of idle) client.close();
  });
  while (directory.sds.connections < idle.length) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = performance.now();
  t.ok(await stillServes(directory));
  t.ok(performance.now() - began < 5_000);
});

t.test('an abandoned search ends without a result', async (t) => {
  const directory = await startSeedDirectory(t, { sizeLimit: 1_000_000 });
  const client = await RawClient.open(directory.port);
  t.teardown(() => client.close());
  client.socket.write(
    Buffer.concat([searchMessage(1, { base: 'o=nhs' }), hex('3006 020102 500101'), searchMessage(3, { scope: 0 })]),
  );
  await client.until(() => client.received.some(({ id, tag }) => id === 3 && tag === 0x65));
  await new Promise((resolve) => setTimeout(resolve, 100));
  t.notOk(client.received.some(({ id, tag }) => id === 1 && tag === 0x65));
  const [entry] = directory.context.journal.find({}).filter(({ error }) => error?.message === 'abandoned');
  t.equal(entry?.operation, 'search');
  t.equal((await client.search({ scope: 0 })).code, 0);
});

t.test('a cancelled search ends as such, and the cancel succeeds', async (t) => {
  const directory = await startSeedDirectory(t, { sizeLimit: 1_000_000 });
  const client = await RawClient.open(directory.port);
  t.teardown(() => client.close());
  client.socket.write(
    Buffer.concat([searchMessage(1, { base: 'o=nhs' }), extendedMessage(2, '1.3.6.1.1.8', hex('3003020101'))]),
  );
  await client.until(() => client.received.some(({ id }) => id === 2));
  t.equal(client.received.find(({ id, tag }) => id === 1 && tag === 0x65)?.code, 118);
  t.equal(client.received.find(({ id }) => id === 2)?.code, 0);
  t.equal((await client.ask(3, extendedMessage(3, '1.3.6.1.1.8', hex('3003020101')))).code, 119);
});

t.test('what stands behind a StartTLS request in clear text is not carried out', async (t) => {
  const directory = await startSeedDirectory(t);
  const { sds, context } = directory;
  // The rules of the space are read now: what comes is answered at once.
  t.ok(await stillServes(directory));
  context.journal.clear();
  let handedOver = 0;
  const server = createServer((socket) => sds.accept(socket, { secure: false }, () => handedOver++));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const client = await RawClient.open((server.address() as AddressInfo).port);
  const startTls = extendedMessage(1, '1.3.6.1.4.1.1466.20037');
  client.socket.write(Buffer.concat([startTls, searchMessage(2, { scope: 0 })]));
  await client.until(() => client.closed);
  t.same(
    client.received.map(({ id, code }) => [id, code]),
    [
      [1, 0],
      [0, 2],
    ],
  );
  t.equal(handedOver, 0);
  t.notOk(context.journal.find({}).some(({ operation }) => operation === 'search'));
  const other = await RawClient.open((server.address() as AddressInfo).port);
  t.teardown(() => other.close());
  t.match(await other.ask(1, startTls), { code: 0, oid: '1.3.6.1.4.1.1466.20037' });
  t.equal(handedOver, 1);
});

t.test('the server tells its clients when it goes away', async (t) => {
  const directory = await startSeedDirectory(t);
  const client = await RawClient.open(directory.port);
  await client.bind();
  directory.sds.close();
  await client.until(() => client.closed);
  t.match(client.received.at(-1), { id: 0, code: 52, oid: '1.3.6.1.4.1.1466.20036' });
});

t.test('curl against the clear port is told no more than a closed connection', async (t) => {
  const directory = await startSeedDirectory(t);
  await t.rejects(run('curl', ['-sS', '--max-time', '5', `http://127.0.0.1:${directory.port}/`]));
  await t.rejects(run('openssl', ['s_client', '-connect', `127.0.0.1:${directory.port}`]));
  t.ok(await stillServes(directory));
});

/** The load generator, a process of its own: sends searches over some connections and counts what comes back. */
import { connect, type Socket } from 'node:net';
import { contextConstructed } from '../../server/services/sds/ber/tag.ts';
import { BerWriter } from '../../server/services/sds/ber/writer.ts';
import { MessageFramer } from '../../server/services/sds/framing.ts';
import { practice } from './entries.ts';

export type Scenario = 'as' | 'mhs' | 'large';

export interface LoadOrder {
  port: number;
  scenario: Scenario;
  connections: number;
  /** Requests in flight on each connection. */
  inFlight: number;
  /** Practices to choose from. */
  practices: number;
  milliseconds: number;
}

export interface LoadResult {
  searches: number;
  entries: number;
  seconds: number;
}

/** What the real route look-ups ask for. */
const AS_ATTRIBUTES = ['nhsMHSPartyKey', 'uniqueIdentifier'];
const MHS_ATTRIBUTES =
  `nhsEPInteractionType nhsIDCode nhsMhsCPAId nhsMHSEndPoint nhsMhsFQDN nhsMHsIN nhsMHSIsAuthenticated
  nhsMHSPartyKey nhsMHsSN nhsMhsSvcIA nhsProductKey uniqueIdentifier nhsMHSAckRequested nhsMHSActor
  nhsMHSDuplicateElimination nhsMHSPersistDuration nhsMHSRetries nhsMHSRetryInterval nhsMHSSyncReplyMode`.split(/\s+/);

function encodeSearch(clauses: [string, string][], attributes: string[]): Buffer {
  const writer = new BerWriter();
  const message = writer.begin(0x30);
  // A message id of fixed length, so that requests can be numbered in place.
  writer.integer(0x10000);
  const search = writer.begin(0x63);
  writer.string('ou=services,o=nhs');
  writer.enumerated(2);
  writer.enumerated(0);
  writer.integer(0);
  writer.integer(0);
  writer.boolean(false);
  const and = writer.begin(contextConstructed(0));
  for (const [name, value] of clauses) {
    const item = writer.begin(contextConstructed(3));
    writer.string(name);
    writer.string(value);
    writer.end(item);
  }
  writer.end(and);
  const list = writer.begin(0x30);
  for (const name of attributes) writer.string(name);
  writer.end(list);
  writer.end(search);
  writer.end(message);
  return writer.take();
}

function request(scenario: Scenario, n: number): Buffer {
  if (scenario === 'large')
    return encodeSearch(
      [
        ['nhsIDCode', 'YES'],
        ['objectClass', 'nhsAs'],
      ],
      [],
    );
  const { ods, partyKey, svcIa } = practice(n);
  if (scenario === 'as') {
    return encodeSearch(
      [
        ['nhsIDCode', ods],
        ['objectClass', 'nhsAs'],
        ['nhsAsSvcIA', svcIa],
      ],
      AS_ATTRIBUTES,
    );
  }
  return encodeSearch(
    [
      ['objectClass', 'nhsMhs'],
      ['nhsMHSPartyKey', partyKey],
      ['nhsMhsSvcIA', svcIa],
    ],
    MHS_ATTRIBUTES,
  );
}

/** Requests are made before the clock runs: the generator must not be what is measured. */
const PREPARED = 4096;

export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const count = order.scenario === 'large' ? 1 : Math.min(PREPARED, order.practices);
  const stride = Math.max(1, Math.floor(order.practices / count));
  const requests = Array.from({ length: count }, (_, n) => request(order.scenario, (n * stride) % order.practices));
  const totals = { searches: 0, entries: 0 };
  const sockets = await Promise.all(Array.from({ length: order.connections }, () => open(order.port)));
  const began = performance.now();
  let running = true;
  let next = 0;
  const done = sockets.map((socket) => {
    const framer = new MessageFramer();
    let open = 0;
    return new Promise<void>((resolve, reject) => {
      const send = (n: number) => {
        const parts: Buffer[] = [];
        for (let i = 0; i < n; i++) parts.push(requests[next++ % requests.length]!);
        open += n;
        socket.write(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
      };
      socket.on('data', (chunk) => {
        let ended = 0;
        framer.push(chunk, (message) => {
          const header = message[1]! < 0x80 ? 2 : 2 + (message[1]! & 0x7f);
          const tag = message[header + 2 + message[header + 1]!];
          if (tag === 0x65) ended++;
          else totals.entries++;
          return true;
        });
        totals.searches += ended;
        open -= ended;
        if (running && ended > 0) send(ended);
        else if (!running && open === 0) resolve();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the connection')));
      send(order.inFlight);
    });
  });
  setTimeout(() => {
    running = false;
  }, order.milliseconds);
  await Promise.all(done);
  const seconds = (performance.now() - began) / 1000;
  for (const socket of sockets) socket.removeAllListeners('close').destroy();
  return { ...totals, seconds };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

if (import.meta.main) {
  process.on('message', async (order: LoadOrder | 'usage') => {
    if (order !== 'usage') process.send!(await runLoad(order));
  });
  process.channel?.ref();
}

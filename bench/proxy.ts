/**
 * The Spine Secure Proxy, with all its checks and its journal, beside a bare reverse proxy (@fastify/http-proxy) in front of the
 * same provider, in one run: processor time of a call, and memory for a body of 250 MB in each direction.
 *
 *     node bench/proxy.ts [calls per round] [rounds]
 *
 * All are processes of their own that report `process.cpuUsage()`; the client is this process. Both proxies speak TLS on both
 * sides over kept connections; they are asked flat out, and both half as often as the SSP can answer. Rounds alternate, medians
 * count. Peak memory is the kernel's own high-water mark (Linux). Ends with 1 when a promise is not kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { Child } from './lib/child.ts';
import { type Compared, compare, median } from './lib/figures.ts';
import { Simulator, temporaryFolder } from './lib/simulator.ts';
import { times } from './mesh/client.ts';

const CONNECTIONS = 8;
const LARGE = 250 << 20;
const TARGET_RATIO = 1.5;
const TARGET_GROWTH_MB = 40;

const HOST = 'proxy.dev.spine2.ncrs.nhs.uk';
const PROVIDER = '200000000991';
const PREFIX = 'urn:nhs:names:services:gpconnect';
const INTERACTION = 'fhir:rest:read:metadata-1';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function headers(): Record<string, string> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://consumer.example-supplier.thirdparty.nhs.uk/',
    sub: '1',
    aud: 'x',
    iat,
    exp: iat + 300,
    reason_for_request: 'directcare',
    requested_scope: 'organization/*.read',
    requesting_device: { resourceType: 'Device' },
    requesting_organization: {
      resourceType: 'Organization',
      identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'Z99903' }],
    },
    requesting_practitioner: { resourceType: 'Practitioner', id: '1' },
  };
  return {
    Host: HOST,
    'Ssp-TraceID': '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    'Ssp-From': '200000000903',
    'Ssp-To': PROVIDER,
    'Ssp-InteractionID': `${PREFIX}:${INTERACTION}`,
    Authorization: `Bearer ${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(claims)}.`,
    Accept: 'application/fhir+json',
  };
}

class Caller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #port: number;
  readonly #prefix: string;
  readonly #headers = headers();

  constructor(port: number, prefix: string) {
    this.#port = port;
    this.#prefix = prefix;
  }

  /** Resolves with the bytes of the answer; throws unless it is 200. `send`: bytes of a body to post. */
  call(path: string, send = 0): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          servername: HOST,
          agent: this.#agent,
          rejectUnauthorized: false,
          method: send > 0 ? 'POST' : 'GET',
          path: `${this.#prefix}${path}`,
          headers: {
            ...this.#headers,
            ...(send > 0 ? { 'Content-Length': String(send), 'Content-Type': 'application/octet-stream' } : {}),
          },
        },
        (response) => {
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
          });
          response.once('end', () =>
            response.statusCode === 200 ? resolve(bytes) : reject(new Error(`${path}: ${response.statusCode}`)),
          );
          response.once('error', reject);
        },
      );
      sent.once('error', reject);
      if (send === 0) sent.end();
      else pour(sent, send);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

const PIECE = Buffer.alloc(64 * 1024, 'y');

function pour(stream: NodeJS.WritableStream, bytes: number): void {
  let left = bytes;
  const more = () => {
    while (left > 0) {
      left -= PIECE.length;
      if (!stream.write(PIECE)) {
        stream.once('drain', more);
        return;
      }
    }
    stream.end();
  };
  more();
}

/** Microseconds of a process's own time for one call; `rates` is told how many it did in a second. */
async function cpuPerCall(
  server: Child,
  caller: Caller,
  count: number,
  rates: number[],
  perSecond?: number,
): Promise<number> {
  const before = (await server.usage()).cpu;
  const began = performance.now();
  await times(count, CONNECTIONS, () => caller.call('/metadata'), perSecond);
  rates.push((count * 1000) / (performance.now() - began));
  return ((await server.usage()).cpu - before) / count;
}

function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1]) / 1024;
}

/** Megabytes that the resident set grows by at most while the work is done. */
async function growth(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = memory(pid, 'VmRSS');
  // Sets the high-water mark back (proc(5)).
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  await work();
  return memory(pid, 'VmHWM') - before;
}

async function register(simulator: Simulator, endpoint: string): Promise<void> {
  const partyKey = 'Z99904-0009991';
  await simulator.admin('POST', '/api/world/systems', { asid: PROVIDER, ods: 'Z99904', partyKey, interactions: [] });
  const handler = {
    ods: 'Z99904',
    partyKey,
    service: PREFIX,
    interaction: INTERACTION,
    endpoint,
    fqdn: 'localhost',
    contract: {},
  };
  await simulator.admin('POST', '/api/world/handlers', { cpaId: 'S999999999101', ...handler });
}

let missed = 0;

function tell(what: string, value: string, kept: boolean | undefined, target: string): void {
  if (kept === false) missed++;
  console.log(`${what.padEnd(40)} ${value.padStart(28)}  ${target}${kept === false ? ': MISSED' : ''}`);
}

const [count = 3000, rounds = 7] = process.argv.slice(2).map(Number);
// The provider's certificate names another host: neither proxy looks at it, which costs neither anything per call.
process.env.SPINE_SIM_OUTBOUND_VERIFY = 'false';
const simulator = await Simulator.start(temporaryFolder());
const { privateKey: key, certificate, chain } = await simulator.issue('bench.example-supplier.thirdparty.nhs.uk');
const cert = certificate + chain;
const provider = new Child('bench/proxy/provider.ts');
provider.send({ key, cert, large: LARGE });
const port = Number((await provider.printed(/on (\d+)\./))[1]);
const peer = new Child('bench/proxy/peer.ts');
peer.send({ key, cert, provider: port });
const peerPort = Number((await peer.printed(/on (\d+)\./))[1]);
const path = '/Z99904/STU3/1/gpconnect/fhir';
await register(simulator, `https://localhost:${port}${path}`);
const through = new Caller(simulator.port, `/https://localhost:${port}${path}`);
const bare = new Caller(peerPort, path);
try {
  const rates = { ssp: [] as number[], bare: [] as number[] };
  const alternate = (calls: number, perSecond?: number) =>
    compare(
      rounds,
      () => cpuPerCall(simulator.child, through, calls, rates.ssp, perSecond),
      () => cpuPerCall(peer, bare, calls, rates.bare, perSecond),
    );
  const figures = ({ ours, other, ratio }: Compared) =>
    `${ours.toFixed(0)} us, bare ${other.toFixed(0)} us, ${ratio.toFixed(2)}`;
  const flatOut = await alternate(count);
  const perSecond = median(rates.ssp) / 2;
  const most = `${median(rates.ssp).toFixed(0)} and ${median(rates.bare).toFixed(0)} a second`;
  const same = await alternate(Math.ceil(count / 2), perSecond);
  tell('CPU of a call', figures(flatOut), flatOut.ratio <= TARGET_RATIO, `at most ${TARGET_RATIO} times (${most})`);
  tell(`the same, both at ${perSecond.toFixed(0)} a second`, figures(same), undefined, '');
  for (const [what, work] of [
    ['answer of 250 MB', () => through.call('/large')],
    ['request of 250 MB', () => through.call('/documents', LARGE)],
  ] as const) {
    const grown = await growth(simulator.child.pid, work);
    tell(
      `growth of memory, ${what}`,
      `${grown.toFixed(1)} MB`,
      grown <= TARGET_GROWTH_MB,
      `at most ${TARGET_GROWTH_MB} MB`,
    );
  }
  const others = [
    await growth(peer.pid, () => bare.call('/large')),
    await growth(peer.pid, () => bare.call('/documents', LARGE)),
  ];
  tell('the same, @fastify/http-proxy', others.map((grown) => `${grown.toFixed(1)} MB`).join(', '), undefined, '');
} finally {
  through.close();
  bare.close();
  await Promise.all([simulator.stop(), provider.stop(), peer.stop()]);
}
process.exit(missed === 0 ? 0 : 1);

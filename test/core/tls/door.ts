/** A real server behind a front door, and clients for it. */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import type { Test } from 'tap';
import { type TlsFacts, tlsFacts } from '../../../server/core/tls/facts.ts';
import { type FrontDoor, type FrontDoorOptions, guardServer } from '../../../server/core/tls/frontDoor.ts';
import { buildProfiles, type ProfileSettings } from '../../../server/core/tls/profileSet.ts';
import type { AbandonedConnection, HandshakeRefusal } from '../../../server/core/tls/refusal.ts';
import { certificates } from './certificates.ts';

export interface TestDoor {
  door: FrontDoor;
  server: Server;
  port: number;
  refusals: HandshakeRefusal[];
  abandoned: AbandonedConnection[];
  faults: unknown[];
  /** The refusal number `count`, from 1, when it has come; fails after five seconds. */
  refusal(count?: number): Promise<HandshakeRefusal>;
}

type Settings = Partial<Omit<FrontDoorOptions, 'onSecure'>> & { profiles?: ProfileSettings };

/** The first label of the host name chooses the profile; any other name gets `tls12-floor`. Every request gets its facts as JSON. */
export async function openDoor(t: Test, settings: Settings = {}): Promise<TestDoor> {
  const { profiles: own, ...options } = settings;
  const { profiles, problems } = buildProfiles(own);
  t.strictSame(problems, []);
  const made = certificates();
  const credentials = { cert: made.server.cert + made.ca, key: made.server.key };
  const trust = { ca: [made.ca] };
  const refusals: HandshakeRefusal[] = [];
  const abandoned: AbandonedConnection[] = [];
  const faults: unknown[] = [];
  const server = createServer((request, response) => {
    const { hello, ...facts } = tlsFacts(request.socket)!;
    response.end(JSON.stringify(facts));
  });
  const door = guardServer(server, {
    hosts: (sni) => {
      const profile = profiles.get(sni?.split('.')[0] ?? '');
      return { profile: profile ?? profiles.get('tls12-floor')!, known: profile !== undefined };
    },
    credentials: () => credentials,
    clientTrust: () => trust,
    onRefused: (refusal) => refusals.push(refusal),
    onAbandoned: (connection) => abandoned.push(connection),
    onFault: (error) => faults.push(error),
    alpn: ['http/1.1'],
    plainText: 'nginx',
    clock: { now: () => Date.now(), date: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) },
    ...options,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    door.close();
    server.closeAllConnections();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  const refusal = async (count = 1) => {
    await until(() => refusals.length >= count);
    return refusals[count - 1]!;
  };
  return { door, server, port, refusals, abandoned, faults, refusal };
}

/** Waits for a condition, five seconds at most. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!condition()) throw new Error(`not so within five seconds: ${condition}`);
}

export interface ClientResult {
  /** What came back, as text. */
  output: string;
  /** Facts that the server sent as the body of its answer. */
  facts?: Omit<TlsFacts, 'hello'>;
  /** Number of the alert that the client got. */
  alert?: number;
}

/** `openssl s_client` asks for `/`. */
export async function sClient(port: number, profile: string, ...args: string[]): Promise<ClientResult> {
  const name = args.includes('-noservername') ? [] : ['-servername', `${profile}.sim.test`];
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...name, '-ign_eof', ...args]);
  child.stdin.on('error', () => {});
  child.stdin.write('GET / HTTP/1.0\r\n\r\n');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  await new Promise((resolve) => child.on('close', resolve));
  const body = /^\{.*\}/m.exec(output)?.[0];
  const alert = /SSL alert number (\d+)/.exec(output)?.[1];
  return {
    output,
    ...(body === undefined ? {} : { facts: JSON.parse(body) }),
    ...(alert === undefined ? {} : { alert: Number(alert) }),
  };
}

/** Any command, its output and exit code. */
export async function run(command: string, ...args: string[]): Promise<{ output: string; code: number | null }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { output, code };
}

/** A plain TCP connection. */
export async function tcp(t: Test, port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {});
  t.teardown(() => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** Everything that comes until the other side ends. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => {
    socket.once('end', resolve);
    socket.once('close', resolve);
  });
  return Buffer.concat(chunks);
}

/** A node:tls client asks for `/` and gives the facts, and its socket for sessions. */
export async function nodeClient(
  port: number,
  profile: string,
  options: ConnectionOptions = {},
): Promise<{ facts?: Omit<TlsFacts, 'hello'>; session?: Buffer; error?: string }> {
  return new Promise((resolve) => {
    let session: Buffer | undefined;
    let text = '';
    let failure: string | undefined;
    const socket: TLSSocket = connectTls(
      { port, host: '127.0.0.1', servername: `${profile}.sim.test`, rejectUnauthorized: false, ...options },
      () => socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    );
    socket.on('session', (data) => {
      session = data;
    });
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failure = error.code;
    });
    socket.on('close', () => {
      const body = /\{.*\}/.exec(text)?.[0];
      resolve({
        ...(body === undefined ? {} : { facts: JSON.parse(body) }),
        ...(session === undefined ? {} : { session }),
        ...(failure === undefined ? {} : { error: failure }),
      });
    });
  });
}

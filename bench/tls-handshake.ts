/**
 * CPU of a full TLS handshake through the front door as a ratio to a bare `https.Server`, side by side in one run.
 *
 *     node bench/tls-handshake.ts [handshakes per round] [rounds]
 *
 * Servers are child processes that report `process.cpuUsage()`; the clients are this process. Rounds alternate, and the median
 * of the rounds' ratios counts, so that noise of the machine falls on both.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { guardServer } from '../server/core/tls/frontDoor.ts';
import { buildProfiles } from '../server/core/tls/profileSet.ts';

/** The front door may cost this much more than a bare server. */
const TARGET_RATIO = 1.1;
const CONCURRENCY = 8;

type Kind = 'bare' | 'door';
type Version = 'TLSv1.2' | 'TLSv1.3';

function serve(kind: Kind, folder: string): void {
  const cert = readFileSync(join(folder, 'leaf.pem'), 'utf8');
  const key = readFileSync(join(folder, 'leaf.key'), 'utf8');
  const answer = (_: unknown, response: { end(text: string): void }) => response.end('ok');
  const profile = buildProfiles().profiles.get('tls12-floor')!;
  const server =
    kind === 'bare' ? createHttpsServer({ cert, key, minVersion: 'TLSv1.2' }, answer) : createHttpServer(answer);
  if (kind === 'door') {
    const credentials = { cert, key };
    const trust = { ca: [cert] };
    guardServer(server, {
      hosts: () => ({ profile, known: true }),
      credentials: () => credentials,
      clientTrust: () => trust,
      onRefused: ({ reason, detail }) => console.error(reason, detail),
      alpn: ['http/1.1'],
      plainText: 'nginx',
      clock: { now: () => Date.now(), date: () => new Date() },
    });
  }
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send!({ cpu: user + system });
  });
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
}

function message<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => child.once('message', (value) => resolve(value as T)));
}

async function cpuOf(child: ChildProcess): Promise<number> {
  const reply = message<{ cpu: number }>(child);
  child.send('cpu');
  return (await reply).cpu;
}

function handshake(port: number, version: Version): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'leaf.test', rejectUnauthorized: false } as const;
    const socket = connect({ ...options, minVersion: version, maxVersion: version }, () => socket.end());
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** Microseconds of the server's CPU for one handshake. */
async function round(child: ChildProcess, port: number, version: Version, count: number): Promise<number> {
  const before = await cpuOf(child);
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (let done = 0; done < count / CONCURRENCY; done += 1) await handshake(port, version);
    }),
  );
  return ((await cpuOf(child)) - before) / count;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function main(count: number, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-bench-'));
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=leaf.test'];
  execFileSync('openssl', [...request, '-keyout', 'leaf.key', '-out', 'leaf.pem'], { cwd: folder, stdio: 'ignore' });
  const start = async (kind: Kind) => {
    const child = fork(import.meta.filename, ['serve', kind, folder]);
    return { child, port: (await message<{ port: number }>(child)).port };
  };
  const [bare, door] = await Promise.all([start('bare'), start('door')]);
  let worst = 0;
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const { child, port } of [bare, door]) await round(child, port, version, count);
    const pairs: [number, number][] = [];
    for (let done = 0; done < rounds; done += 1) {
      pairs.push([
        await round(bare.child, bare.port, version, count),
        await round(door.child, door.port, version, count),
      ]);
    }
    const ratio = median(pairs.map(([one, other]) => other / one));
    worst = Math.max(worst, ratio);
    const [bareCpu, doorCpu] = [0, 1].map((side) => Math.round(median(pairs.map((pair) => pair[side]!))));
    console.log(`${version} full handshake: bare ${bareCpu} µs, front door ${doorCpu} µs, ratio ${ratio.toFixed(3)}`);
  }
  bare.child.kill();
  door.child.kill();
  rmSync(folder, { recursive: true, force: true });
  console.log(worst <= TARGET_RATIO ? `within ${TARGET_RATIO}` : `ABOVE ${TARGET_RATIO}`);
  process.exitCode = worst <= TARGET_RATIO ? 0 : 1;
}

const [mode, kind, folder] = process.argv.slice(2);
if (mode === 'serve') serve(kind as Kind, folder!);
else await main(Number(mode ?? 160), Number(kind ?? 41));

/** Processor time of a TLS handshake, full and resumed, through the front door, beside a bare `https.Server` with the same certificate. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './lib/child.ts';
import { compare, type Row } from './lib/figures.ts';
import { temporaryFolder } from './lib/simulator.ts';
import type { HandshakeOrder } from './tls/load.ts';

const CONNECTIONS = 8;

/** Short rounds, and many: what else the machine does falls on both sides alike. */
const COUNT = 100;
const ROUNDS_FACTOR = 4;

/** The front door reads every hello before OpenSSL does; what that may cost. */
const MOST = 1.1;

async function start(kind: 'bare' | 'door', folder: string): Promise<{ child: Child; port: number }> {
  const child = new Child('bench/tls/server.ts', { args: [kind, folder] });
  const [, port] = await child.printed(/on (\d+)\./);
  return { child, port: Number(port) };
}

/** `key` and `cert`: PEM, with the key type that servers have. */
export async function measureHandshake(key: string, cert: string, rounds: number, scale = 1): Promise<Row[]> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'leaf.key'), key);
  writeFileSync(join(folder, 'leaf.pem'), cert);
  const [bare, door] = await Promise.all([start('bare', folder), start('door', folder)]);
  const load = new Child('bench/tls/load.ts');
  const round = async ({ child, port }: typeof bare, version: HandshakeOrder['version'], resumed: boolean) => {
    const count = Math.ceil(COUNT * scale);
    const before = await child.usage();
    await load.ask<'done'>({ port, version, count, connections: CONNECTIONS, resumed });
    return ((await child.usage()).cpu - before.cpu) / count;
  };
  const rows: Row[] = [];
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const resumed of [false, true]) {
      const { ours, other, ratio } = await compare(
        rounds * ROUNDS_FACTOR,
        () => round(door, version, resumed),
        () => round(bare, version, resumed),
      );
      const title = resumed ? `${version} resumed handshake and a request` : `${version} full handshake`;
      rows.push({
        title,
        ours: `${Math.round(ours)} µs`,
        other: `${Math.round(other)} µs, bare https`,
        ratio,
        target: { text: `at most ${MOST}`, met: ratio <= MOST },
      });
    }
  }
  await Promise.all([bare.child.stop(), door.child.stop(), load.stop()]);
  return rows;
}

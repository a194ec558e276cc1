/** A server whose only work is the handshake: `node server.ts <bare|door> <folder with leaf.pem and leaf.key>`. */
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { guardServer } from '../../server/core/tls/frontDoor.ts';
import { buildProfiles } from '../../server/core/tls/profileSet.ts';

const [kind, folder] = process.argv.slice(2) as ['bare' | 'door', string];
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
server.listen(0, '127.0.0.1', () => console.log(`listening on ${(server.address() as AddressInfo).port}.`));

/** What the SSP is compared with: Fastify over HTTPS with @fastify/http-proxy, and nothing else. */
import type { AddressInfo } from 'node:net';
import proxy from '@fastify/http-proxy';
import Fastify from 'fastify';

export interface PeerOrder {
  key: string;
  cert: string;
  /** Port of the provider. */
  provider: number;
}

process.once('message', async ({ key, cert, provider }: PeerOrder) => {
  const app = Fastify({ logger: false, https: { key, cert }, bodyLimit: Number.MAX_SAFE_INTEGER });
  await app.register(proxy, {
    upstream: `https://localhost:${provider}`,
    undici: { connect: { rejectUnauthorized: false } },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  console.log(`peer on ${(app.server.address() as AddressInfo).port}.`);
});
process.channel?.ref();

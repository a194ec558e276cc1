/**
 * What ratios are to: Fastify over HTTPS as it comes, with a route for each request that is measured, which reads the body and
 * answers the bytes that the simulator answered. Gets certificate and answers as a message, prints its port.
 */
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { BareServer } from './bare.ts';

process.once('message', async ({ key, cert, answers }: BareServer) => {
  const app = Fastify({ logger: false, https: { key, cert } });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const { method, route, status, type, body } of answers) {
    const bytes = Buffer.from(body, 'base64');
    app.route({
      method,
      url: route,
      handler: (_request, reply) => reply.code(status).header('Content-Type', type).send(bytes),
    });
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  console.log(`bare server on ${(app.server.address() as AddressInfo).port}.`);
});
// Its own listener keeps the channel, and so the process, until the order has come.
process.channel?.ref();

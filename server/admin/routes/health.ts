/** Liveness and readiness. Ready means seeded, certificates made, every listener bound. */
import type { FastifyInstance } from 'fastify';
import type { AdminContext } from '../context.ts';

export function healthRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get('/health/live', { schema: { summary: 'the process runs' } }, async () => ({ status: 'live' }));
  app.get(
    '/health/ready',
    { schema: { summary: 'seeded, certificates made, every listener bound; 503 before that' } },
    async (_request, reply) => {
      const ready = context.ready();
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'starting', parts: context.parts() });
    },
  );
}

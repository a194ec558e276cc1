/** Prometheus metrics; the library is loaded at the first scrape. */
import type { FastifyInstance } from 'fastify';
import type { AdminContext } from '../context.ts';

export function metricsRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get('/metrics', { schema: { summary: 'metrics for Prometheus' } }, async (_request, reply) => {
    const { contentType, text } = await context.core.metrics.render();
    return reply.type(contentType).send(text);
  });
}

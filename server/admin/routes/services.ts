/** What there is: services with their URLs, coverage, host names. */
import type { FastifyInstance } from 'fastify';
import { HOSTS } from '../../config/hosts.ts';
import type { AdminContext } from '../context.ts';

export function serviceRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get('/api/services', { schema: { summary: 'services and where they answer' } }, async () => context.services());
  app.get('/api/coverage', { schema: { summary: 'each operation and interaction with its status' } }, async () =>
    context.coverage(),
  );
  app.get('/api/hosts', { schema: { summary: 'host names of the environment' } }, async () =>
    HOSTS.filter((host) => host.role !== 'local'),
  );
}

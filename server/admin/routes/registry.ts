/** Registry files for the Identity Agents of Windows. */
import type { FastifyInstance } from 'fastify';
import { type AdminContext, AdminError } from '../context.ts';
import { AGENT_NAMES, registryFile } from '../identityAgents.ts';

export function registryRoutes(app: FastifyInstance, context: AdminContext): void {
  app.get(
    '/api/registry',
    { schema: { summary: 'agents for which there is a registry file' } },
    async () => AGENT_NAMES,
  );
  app.get<{ Params: { environment: string; agent: string }; Querystring: { port?: number } }>(
    '/api/registry/:environment/:agent',
    {
      schema: {
        summary: 'a .reg file that points an Identity Agent at the hosts of DEV, INT, TRAIN or DEP',
        querystring: {
          type: 'object',
          properties: { port: { type: 'integer', minimum: 1, maximum: 65535, description: 'as agents reach it' } },
        },
      },
    },
    async ({ params: { environment, agent }, query: { port } }, reply) => {
      const name = agent.replace(/\.reg$/, '');
      const text = registryFile(name, environment.toUpperCase(), port ?? context.ports().https);
      if (text === undefined) {
        throw new AdminError(404, `there is no ${name} for ${environment}; GET /api/registry lists the agents`);
      }
      const file = `${name}-${environment.toLowerCase()}.reg`;
      return reply.type('text/plain').header('Content-Disposition', `attachment; filename="${file}"`).send(text);
    },
  );
}

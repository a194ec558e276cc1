/** Scenarios of a space: named states that rules ask for and change. */
import type { FastifyInstance } from 'fastify';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

const Params = {
  type: 'object',
  properties: { name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' } },
};

export function scenarioRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const { rules } = core;
  app.get(
    '/api/scenarios',
    { schema: { summary: 'scenarios that rules name or that were set, with their states' } },
    (request) => rules.scenarios(spaceOf(core, request).name),
  );
  app.put<{ Params: { name: string }; Body: { state: string } }>(
    '/api/scenarios/:name',
    {
      schema: {
        summary: 'put a scenario into a state',
        params: Params,
        body: {
          type: 'object',
          required: ['state'],
          additionalProperties: false,
          properties: { state: { type: 'string', minLength: 1, maxLength: 1_000 } },
        },
      },
    },
    async (request) => {
      const { name } = request.params;
      const { state } = request.body;
      try {
        await rules.setScenario(spaceOf(core, request).name, name, state);
      } catch (error) {
        if (error instanceof RangeError) throw new AdminError(422, error.message);
        throw error;
      }
      return { name, state };
    },
  );
  app.delete<{ Params: { name: string } }>(
    '/api/scenarios/:name',
    { schema: { summary: 'put a scenario back to `started`', params: Params } },
    async (request, reply) => {
      await rules.resetScenarios(spaceOf(core, request).name, request.params.name);
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/scenarios',
    { schema: { summary: 'put all scenarios of the space back to `started`' } },
    async (request, reply) => {
      await rules.resetScenarios(spaceOf(core, request).name);
      return reply.code(204).send();
    },
  );
}

/** Patients in any number beneath all spaces, for load tests. */
import type { FastifyInstance } from 'fastify';
import { DEFAULT_AS_OF, MAX_GENERATED } from '../../core/world/generator/bulk.ts';
import { PopulationBusyError, type PopulationOrder } from '../../core/world/population/population.ts';
import { type AdminContext, AdminError } from '../context.ts';

const ORDER = {
  type: 'object',
  additionalProperties: false,
  required: ['patients'],
  properties: {
    patients: { type: 'integer', minimum: 1, maximum: MAX_GENERATED },
    seed: { type: 'string', default: '1', description: 'the same seed gives the same patients' },
    asOf: {
      type: 'string',
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      default: DEFAULT_AS_OF,
      description: 'day on which they have their ages',
    },
  },
};

export function populationRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const { population } = core;
  app.get(
    '/api/population',
    { schema: { summary: 'how many generated patients there are, and whether more are being made' } },
    async () => population.status(),
  );
  app.post<{ Body: PopulationOrder }>(
    '/api/population',
    {
      schema: {
        summary: 'make patients for all spaces in the place of those made before',
        description:
          'Answers at once; GET tells how far it is. The seed and what spaces changed lie above them. A reset keeps them.',
        body: ORDER,
      },
    },
    async (request, reply) => {
      const { asOf = DEFAULT_AS_OF } = request.body;
      if (Number.isNaN(Date.parse(asOf))) throw new AdminError(400, `asOf: "${asOf}" is not a day`);
      if (population.status().making)
        throw new AdminError(409, 'a population is being made; ask for its status until it is done');
      population.generate(request.body).catch((error) => core.log.error({ err: error }, 'no population could be made'));
      return reply.code(202).send(population.status());
    },
  );
  app.delete('/api/population', { schema: { summary: 'forget the generated patients' } }, async (_request, reply) => {
    try {
      population.clear();
    } catch (error) {
      if (error instanceof PopulationBusyError) throw new AdminError(409, error.message);
      throw error;
    }
    return reply.code(204).send();
  });
}

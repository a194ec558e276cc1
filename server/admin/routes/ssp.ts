/** Calls of a GP Connect consumer to a supplier's provider, and what is wrong with the answers. */
import type { FastifyInstance } from 'fastify';
import { PREFIX } from '../../core/gpconnect/calls/call.ts';
import { CALLS } from '../../core/gpconnect/calls/index.ts';
import type { TrialWish } from '../../core/gpconnect/oneCall.ts';
import { TrialError, Trials } from '../../core/gpconnect/trial.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

const WISH = {
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    calls: {
      type: 'array',
      items: { type: 'string' },
      description: 'names of calls or interactions; none: all that every provider can be asked',
    },
    from: { type: 'string', description: 'ASID of the consumer; default the one of the shipped world' },
    to: { type: 'string', description: 'ASID of the provider' },
    nhsNumber: { type: 'string', description: 'a patient of the provider; default one of the world' },
    root: { type: 'string', description: 'service root for foundations; default the endpoints of the directory' },
    direct: { type: 'boolean', description: 'straight to the provider as the SSP would, not through it' },
  },
} as const;

export function sspRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const trials = new Trials(core);
  app.get('/api/ssp/calls', { schema: { summary: 'calls that POST /api/ssp/call knows' } }, async () =>
    CALLS.map(({ name, title, interaction, method, extra = false }) => ({
      name,
      title,
      interaction: PREFIX + interaction,
      method,
      extra,
    })),
  );
  app.post<{ Body: TrialWish }>(
    '/api/ssp/call',
    {
      schema: {
        summary: "make GP Connect calls to a supplier's provider, through the SSP or directly, and check the answers",
        body: WISH,
      },
    },
    async (request) => {
      try {
        return await trials.run(spaceOf(core, request), request.body);
      } catch (error) {
        if (error instanceof TrialError) throw new AdminError(400, error.message);
        throw error;
      }
    },
  );
}

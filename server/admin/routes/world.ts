/** The world of a space: everything that a seed file can say, at run time. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KIND_NAMES } from '../../core/world/kinds.ts';
import type { WorldKind } from '../../core/world/types.ts';
import { type AdminContext, AdminError, kept, spaceOf } from '../context.ts';

const MAX_PAGE = 1_000;

const Params = {
  type: 'object',
  properties: { kind: { type: 'string', enum: KIND_NAMES }, id: { type: 'string' } },
};

type KindRequest = FastifyRequest<{ Params: { kind: WorldKind; id: string } }>;

export function worldRoutes(app: FastifyInstance, context: AdminContext): void {
  const world = (request: FastifyRequest) => spaceOf(context.core, request).world;

  app.get('/api/world', { schema: { summary: 'kinds of records' } }, async () => KIND_NAMES);
  app.get<{ Params: { kind: WorldKind }; Querystring: { after?: string; limit?: number } }>(
    '/api/world/:kind',
    {
      schema: {
        summary: 'records of a kind in a stable order, page by page',
        params: Params,
        querystring: {
          type: 'object',
          properties: {
            after: { type: 'string', description: 'id that the page before ended with' },
            limit: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: MAX_PAGE },
          },
        },
      },
    },
    async (request) => world(request).records(request.params.kind, request.query),
  );
  app.get(
    '/api/world/:kind/:id',
    { schema: { summary: 'one record', params: Params } },
    async (request: KindRequest) => {
      const record = await world(request).record(request.params.kind, request.params.id);
      if (!record) throw new AdminError(404, `${request.params.kind} has no "${request.params.id}"`);
      return record;
    },
  );
  app.post<{ Params: { kind: WorldKind }; Body: unknown }>(
    '/api/world/:kind',
    { schema: { summary: 'add or replace a record, as a seed file would write it', params: Params } },
    async (request, reply) => reply.code(201).send(await kept(world(request).put(request.params.kind, request.body))),
  );
  app.put<{ Params: { kind: WorldKind; id: string }; Body: unknown }>(
    '/api/world/:kind/:id',
    { schema: { summary: 'replace the record of that id', params: Params } },
    async (request) => {
      const { kind, id } = request.params;
      const result = await kept(world(request).put(kind, request.body));
      if (result.id !== id)
        throw new AdminError(409, `the record's own id is "${result.id}", which was put; "${id}" is unchanged`);
      return result;
    },
  );
  app.delete(
    '/api/world/:kind/:id',
    { schema: { summary: 'remove a record from this space', params: Params } },
    async (request: KindRequest, reply) => {
      const gone = await world(request).delete(request.params.kind, request.params.id);
      if (!gone) throw new AdminError(404, `${request.params.kind} has no "${request.params.id}"`);
      return reply.code(204).send();
    },
  );
}

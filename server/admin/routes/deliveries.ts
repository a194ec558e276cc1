/** What Spine sends to partners: list, look into, replay, remove; and messages sent by hand. */
import type { FastifyInstance } from 'fastify';
import { DELIVERY_STATES, type Delivery, type DeliveryState } from '../../core/deliveries/delivery.ts';
import type { Trigger } from '../../core/interactions/trigger.ts';
import { TriggerError, TriggerSchema } from '../../core/interactions/trigger.ts';
import type { Row } from '../../core/store/store.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

const MAX_PAGE = 1_000;
/** Deliveries that one call replays; a console with more of them asks again. */
const MAX_REPLAYED = 10_000;

const Params = { type: 'object', properties: { id: { type: 'string' } } };

interface Filter {
  state?: DeliveryState;
  party?: string;
  messageId?: string;
  conversation?: string;
}

const FilterProperties = {
  state: { type: 'string', enum: [...DELIVERY_STATES] },
  party: { type: 'string', description: 'party key of the receiver' },
  messageId: { type: 'string', description: 'ebXML MessageId' },
  conversation: { type: 'string', description: 'ConversationId' },
};

/** The last moment that a Date can hold, in milliseconds: what is due behind it has no text. */
const LAST_MS = 8.64e15;
const iso = (time: number | undefined) =>
  time === undefined || time > LAST_MS ? undefined : new Date(time).toISOString();

/** Without the bytes. */
function view({ id, value }: { id: string; value: Delivery }) {
  const { body, about, createdAt, nextAt, endedAt, firstAt: _first, attempts, headers, policy, ...rest } = value;
  return {
    id,
    ...rest,
    kind: about.kind,
    bytes: body.bytes,
    retries: policy.retries,
    retryIntervalMs: policy.intervalMs,
    persistMs: policy.persistMs,
    createdAt: iso(createdAt),
    nextAt: iso(nextAt),
    endedAt: iso(endedAt),
    headers,
    attempts: attempts.map(({ at, ...attempt }) => ({ at: iso(at), ...attempt })),
  };
}

export function deliveryRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const { deliveries } = core;
  app.get<{ Querystring: Filter & { limit?: number; after?: number } }>(
    '/api/deliveries',
    {
      schema: {
        summary: 'messages on their way to partners, newest first',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...FilterProperties,
            limit: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 100 },
            after: { type: 'integer', description: 'only those older than this `seq`' },
          },
        },
      },
    },
    async (request) => {
      const space = spaceOf(core, request);
      const { limit, after, ...filter } = request.query;
      const rows = await deliveries.list(space, filter, { limit, after, reverse: true });
      const counts: Record<string, number> = {};
      for (const state of DELIVERY_STATES) counts[state] = await deliveries.count(space, state);
      return { counts, deliveries: rows.map((row: Row<Delivery>) => ({ seq: row.seq, ...view(row) })) };
    },
  );
  const found = <T>(value: T | undefined | false, id: string): T => {
    if (!value) throw new AdminError(404, `there is no delivery "${id}"`);
    return value;
  };
  app.get<{ Params: { id: string } }>(
    '/api/deliveries/:id',
    { schema: { summary: 'one delivery with its attempts', params: Params } },
    async (request) => {
      const { id } = request.params;
      return view({ id, value: found(await deliveries.get(spaceOf(core, request), id), id) });
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/deliveries/:id/body',
    { schema: { summary: 'the bytes that are sent', params: Params } },
    async (request, reply) => {
      const { id } = request.params;
      const space = spaceOf(core, request);
      const { headers } = found(await deliveries.get(space, id), id);
      const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
      return reply.type(type ?? 'application/octet-stream').send(found(await deliveries.body(space, id), id));
    },
  );
  app.post<{ Params: { id: string }; Body: { url?: string } | null }>(
    '/api/deliveries/:id/replay',
    {
      schema: {
        summary: 'send it again from the beginning, the same bytes, at once',
        params: Params,
        body: {
          type: ['object', 'null'],
          additionalProperties: false,
          properties: { url: { type: 'string', description: 'another endpoint; for one that had none' } },
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const space = spaceOf(core, request);
      const url = request.body?.url;
      if (url !== undefined && !/^https?:\/\/./.test(url)) throw new AdminError(400, `"${url}" is no http(s) URL`);
      found(await deliveries.get(space, id), id);
      const replayed = await deliveries.replay(space, id, url);
      if (!replayed) throw new AdminError(409, 'it has no endpoint: give one with "url"');
      return view({ id, value: replayed });
    },
  );
  app.post<{ Body: Filter | null }>(
    '/api/deliveries/replay',
    {
      schema: {
        summary: 'send again all dead ones that fit',
        body: { type: ['object', 'null'], additionalProperties: false, properties: FilterProperties },
      },
    },
    async (request) => {
      const space = spaceOf(core, request);
      const filter = { state: 'dead' as const, ...request.body };
      let replayed = 0;
      for (const { id } of await deliveries.list(space, filter, { limit: MAX_REPLAYED })) {
        if (await deliveries.replay(space, id)) replayed++;
      }
      return { replayed };
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/deliveries/:id',
    { schema: { summary: 'take a delivery away; it is not tried any more', params: Params } },
    async (request, reply) => {
      found(await deliveries.remove(spaceOf(core, request), request.params.id), request.params.id);
      return reply.code(204).send();
    },
  );
  app.post<{ Body: Trigger }>(
    '/api/messages',
    {
      schema: {
        summary: 'send a message to an endpoint of the directory now',
        description:
          'From Spine, or from a party inside of the simulator, to the endpoint that the directory lists for the receiver and the interaction.',
        body: TriggerSchema,
      },
    },
    async (request, reply) => {
      const space = spaceOf(core, request);
      try {
        const ids = await core.messages.trigger(space, request.body);
        const sent = await Promise.all(ids.map(async (id) => view({ id, value: (await deliveries.get(space, id))! })));
        return reply.code(201).send({ deliveries: sent });
      } catch (error) {
        if (error instanceof TriggerError) throw new AdminError(422, error.message);
        throw error;
      }
    },
  );
}

/** MESH beside its clients: messages as the service has them; putting in messages, reports and status events; expiry. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Desk } from '../../services/mesh/desk/desk.ts';
import { DeskError } from '../../services/mesh/desk/deskError.ts';
import { messageView } from '../../services/mesh/desk/view.ts';
import { type Message, STATUSES, type Status } from '../../services/mesh/mailbox/message.ts';
import { meshOf } from '../../services/mesh/mesh.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';
import {
  type EventBody,
  eventSchema,
  type MessageBody,
  messageSchema,
  newEvent,
  newMessage,
  newReport,
  type ReportBody,
  reportSchema,
} from './meshBodies.ts';

/** Most messages that one list gives. */
const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;

const TAKEN = { type: 'object', properties: { id: { type: 'string' } } };

interface Listing {
  mailbox?: string;
  box: 'inbox' | 'outbox';
  status?: Status;
  limit: number;
  before?: string;
}

type IdRequest = FastifyRequest<{ Params: { id: string } }>;

export function meshRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const desk = new Desk(meshOf(core));
  const space = (request: FastifyRequest) => spaceOf(core, request);
  const view = async (asked: Promise<Message>) => messageView(await done(asked));

  app.get(
    '/api/mesh',
    { schema: { summary: 'what a client of MESH needs to know, and what is enforced' } },
    async () => ({
      path: '/messageexchange',
      ...meshOf(core).rules,
    }),
  );
  app.get<{ Querystring: Listing }>(
    '/api/mesh/messages',
    {
      schema: {
        summary: 'messages, newest first: all, or those of a mailbox',
        querystring: {
          type: 'object',
          properties: {
            mailbox: { type: 'string' },
            box: { type: 'string', enum: ['inbox', 'outbox'], default: 'inbox', description: 'of the mailbox' },
            status: { type: 'string', enum: STATUSES },
            limit: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE },
            before: { type: 'string', description: 'id that the page before ended with' },
          },
        },
      },
    },
    async (request) => (await done(desk.list(space(request), request.query))).map(messageView),
  );
  app.get(
    '/api/mesh/messages/:id',
    { schema: { summary: 'one message with its events', params: TAKEN } },
    (request: IdRequest) => view(desk.get(space(request), request.params.id)),
  );
  app.get<{ Params: { id: string; chunk: number } }>(
    '/api/mesh/messages/:id/chunks/:chunk',
    {
      schema: {
        summary: 'the bytes of a chunk as they were sent',
        params: { type: 'object', properties: { id: { type: 'string' }, chunk: { type: 'integer', minimum: 1 } } },
      },
    },
    async (request, reply) => {
      const bytes = await done(desk.body(space(request), request.params.id, request.params.chunk));
      return reply.type('application/octet-stream').send(bytes);
    },
  );
  app.post<{ Body: MessageBody }>(
    '/api/mesh/messages',
    { schema: { summary: 'put a message in, as if its sender had sent it', body: messageSchema } },
    async (request, reply) => reply.code(201).send(await view(desk.send(space(request), newMessage(request.body)))),
  );
  app.post<{ Body: ReportBody }>(
    '/api/mesh/reports',
    { schema: { summary: 'put a report into an inbox', body: reportSchema } },
    async (request, reply) => reply.code(201).send(await view(desk.report(space(request), newReport(request.body)))),
  );
  app.post<{ Params: { id: string }; Body: EventBody }>(
    '/api/mesh/messages/:id/events',
    { schema: { summary: 'push a status event on top of a message', params: TAKEN, body: eventSchema } },
    (request) => view(desk.addEvent(space(request), request.params.id, newEvent(request.body))),
  );
  app.post(
    '/api/mesh/messages/:id/expire',
    { schema: { summary: 'let a waiting message expire now; its sender gets the report', params: TAKEN } },
    (request: IdRequest) => view(desk.expire(space(request), request.params.id)),
  );
  app.delete(
    '/api/mesh/messages/:id',
    { schema: { summary: 'forget a message and its body', params: TAKEN } },
    async (request: IdRequest, reply) => {
      await done(desk.remove(space(request), request.params.id));
      return reply.code(204).send();
    },
  );
  app.delete<{ Querystring: { mailbox?: string } }>(
    '/api/mesh/messages',
    {
      schema: {
        summary: 'forget all messages, or all that a mailbox sent or received',
        querystring: { type: 'object', properties: { mailbox: { type: 'string' } } },
      },
    },
    async (request, reply) => {
      await done(desk.reset(space(request), request.query.mailbox));
      return reply.code(204).send();
    },
  );
}

/** The desk's own refusals as answers of the admin API. */
async function done<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof DeskError ? new AdminError(error.status, error.message) : error;
  }
}

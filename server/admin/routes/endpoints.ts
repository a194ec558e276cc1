/** Endpoint registration: a supplier's system with its ids, interactions and address, in one call; LDIF and YAML in and out. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Party } from '../../core/world/endpoints/endpoints.ts';
import { partiesAsYaml } from '../../core/world/endpoints/yaml.ts';
import { WorldError } from '../../core/world/errors.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

type Format = 'json' | 'ldif' | 'yaml';

interface ListQuery {
  ods?: string;
  spine: boolean;
  format: Format;
}

const FORMAT = {
  type: 'string',
  enum: ['json', 'ldif', 'yaml'],
  default: 'json',
  description: 'yaml: a file of stubs/world that makes the same entries; ldif: the entries of the directory',
};

const ID = { type: 'object', properties: { id: { type: 'string', description: 'party key, ASID or CPA id' } } };

export function endpointRoutes(app: FastifyInstance, context: AdminContext): void {
  const space = (request: FastifyRequest) => spaceOf(context.core, request);
  const endpoints = (request: FastifyRequest) => space(request).world.endpoints;

  // LDIF comes as what it is; the type of a file that curl sends is this one.
  for (const type of ['text/ldif', 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded']) {
    app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  }

  const send = (request: FastifyRequest, reply: FastifyReply, parties: Party[], format: Format) => {
    const { world } = space(request);
    if (format === 'ldif') return reply.type('text/plain; charset=utf-8').send(context.ldif.export(world, parties));
    if (format === 'yaml')
      return reply.type('text/plain; charset=utf-8').send(Readable.from(partiesAsYaml(world, parties)));
    return reply.send(parties);
  };

  app.get<{ Querystring: ListQuery }>(
    '/api/endpoints',
    {
      schema: {
        summary: 'parties with their systems and message handlers',
        querystring: {
          type: 'object',
          properties: {
            ods: { type: 'string', description: 'of this organisation only' },
            spine: { type: 'boolean', default: false, description: "Spine's own too" },
            format: FORMAT,
          },
        },
      },
    },
    async (request, reply) => {
      const { ods, spine, format } = request.query;
      const parties = endpoints(request).list();
      const wanted = parties.filter((party) => (spine || !party.spine) && (!ods || party.ods.includes(ods)));
      return send(request, reply, wanted, format);
    },
  );
  app.post<{ Querystring: { check: boolean }; Body: unknown }>(
    '/api/endpoints',
    {
      schema: {
        summary: 'register a system: ids that are left out are given; again, it keeps its ids',
        description:
          'The fields are those of `endpoints` in stubs/world/world.schema.json; docs/endpoints.md explains them.',
        querystring: {
          type: 'object',
          properties: { check: { type: 'boolean', default: false, description: 'say what would be, do nothing' } },
        },
      },
    },
    async (request, reply) => {
      if (typeof request.body === 'string')
        throw new AdminError(415, 'a registration is JSON; LDIF goes to /api/endpoints/import');
      const { check } = request.query;
      const registered = await told(async () =>
        check ? endpoints(request).check(request.body) : await endpoints(request).register(request.body),
      );
      return reply.code(check || registered.again ? 200 : 201).send(registered);
    },
  );
  app.post<{ Body: unknown }>(
    '/api/endpoints/import',
    {
      schema: {
        summary: "take a supplier's own LDIF dump: systems, message handlers, organisations, workgroups",
        consumes: ['text/ldif', 'text/plain', 'application/json'],
        description: 'The LDIF as the body, or {"ldif": "..."}.',
      },
    },
    async (request) => {
      const { body } = request;
      const text = typeof body === 'string' ? body : (body as { ldif?: unknown } | null)?.ldif;
      if (typeof text !== 'string' || !/^\ufeff?dn:/im.test(text)) {
        throw new AdminError(
          400,
          'the body is no LDIF: a record begins with "dn: uniqueIdentifier=...,ou=Services,o=nhs"',
        );
      }
      return context.ldif.import(space(request).world, text);
    },
  );
  app.get<{ Params: { id: string }; Querystring: { format: Format } }>(
    '/api/endpoints/:id',
    {
      schema: {
        summary: 'one party',
        params: ID,
        querystring: { type: 'object', properties: { format: FORMAT } },
      },
    },
    async (request, reply) => {
      const party = endpoints(request).find(request.params.id);
      if (!party) throw missing(request.params.id);
      const { format } = request.query;
      return format === 'json' ? reply.send(party) : send(request, reply, [party], format);
    },
  );
  app.delete<{ Params: { id: string } }>(
    '/api/endpoints/:id',
    {
      schema: {
        summary: 'remove a party with all it has, a system (with the handlers where it was the last), or one handler',
        params: ID,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if (!(await told(() => endpoints(request).remove(id)))) throw missing(id);
      return reply.code(204).send();
    },
  );
}

const missing = (id: string) => new AdminError(404, `there is no party key, ASID or CPA id "${id}"`);

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorldError) throw new AdminError(422, error.message, error.problems);
    throw error;
  }
}

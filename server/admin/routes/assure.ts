/** Assurance: a supplier's own system as the client of a set of scenarios, and the report of what it handled. */
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Assure } from '../../core/assure/assure.ts';
import { readSet } from '../../core/assure/readSet.ts';
import { reportOf, stepReport } from '../../core/assure/report.ts';
import { AssureError, type Choice } from '../../core/assure/run.ts';
import { DEFAULT_SET, readSets } from '../../core/assure/setFiles.ts';
import { SPACE_HEADER } from '../../core/space/space.ts';
import { stubsFolder } from '../../createCore.ts';
import { RULE_CHECKS } from '../../namedErrors.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

/** Longest wait for a judgement, in seconds. */
const MAX_WAIT_S = 60;

const Texts = { type: 'array', items: { type: 'string', maxLength: 100 } };
const Params = { type: 'object', properties: { name: { type: 'string', maxLength: 100 } } };
const Within = { type: 'number', minimum: 0, maximum: MAX_WAIT_S, default: 0, description: 'seconds to wait' };

type StartBody = Choice & { set?: string; definition?: unknown; all?: boolean; again?: boolean };
type Named = { Params: { name: string } };

export function assureRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const checks = RULE_CHECKS;
  const assure = new Assure(core, (space, call, body) => make(app, core.config.adminToken, space, call, body));
  const sets = () => readSets(join(stubsFolder(core.config), 'assure'), checks);
  const space = (request: FastifyRequest) => spaceOf(core, request);

  const definition = async ({ set: named, definition: given }: StartBody) => {
    const name = named ?? (given === undefined ? DEFAULT_SET : 'own');
    if (given !== undefined) {
      const { set, problems } = await readSet(given, checks);
      if (!set)
        throw new AdminError(422, problems.map(({ path, message }) => `${path}: ${message}`).join('\n'), problems);
      return { name, set };
    }
    const all = await sets();
    const file = all.find((one) => one.name === name);
    if (!file)
      throw new AdminError(404, `there is no set "${name}"; there are ${all.map((one) => one.name).join(', ')}`);
    const { set, problems } = file;
    if (set) return { name, set };
    const told = problems.map(({ file: path, line, column, message }) => `${path}:${line}:${column}: ${message}`);
    throw new AdminError(422, told.join('\n'), problems);
  };

  app.get(
    '/api/assure/sets',
    { schema: { summary: 'sets of scenarios with their steps, and what is wrong with them' } },
    async () =>
      (await sets()).map(({ name, file, set, problems }) => ({
        ...{ name, file, title: set?.title, description: set?.description, data: set?.data ?? {} },
        steps: (set?.steps ?? []).map(({ name: step, group, title, required = true, alone = false }) => {
          return { name: step, group, title, required, alone };
        }),
        problems,
      })),
  );
  app.post<{ Body: StartBody }>(
    '/api/assure',
    {
      schema: {
        summary: 'begin a run through a set, in the space that the header names',
        description: 'Nothing is arranged yet, unless `all` opens every step that can be open beside others.',
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            set: {
              type: 'string',
              description: `name of a set, ${DEFAULT_SET} by default; with a definition, what to call it`,
            },
            definition: { type: 'object', additionalProperties: true, description: 'a set as its file would have it' },
            only: { ...Texts, description: 'steps or groups' },
            skip: Texts,
            data: { type: 'object', additionalProperties: { type: 'string' }, description: 'values of the own system' },
            all: { type: 'boolean', default: false },
            again: { type: 'boolean', default: false, description: 'in place of a run that there is' },
          },
        },
      },
    },
    async (request, reply) => {
      const { only, skip, data, all, again = false } = request.body;
      const { name, set } = await definition(request.body);
      await told(assure.start(space(request), name, set, { only, skip, data }, again));
      if (all) await told(assure.begin(space(request), undefined));
      return reply.code(201).send(await report(request));
    },
  );
  app.get('/api/assure', { schema: { summary: 'the run of the space as it is now' } }, (request) => report(request));
  app.delete(
    '/api/assure',
    { schema: { summary: 'forget the run and all that it arranged' } },
    async (request, reply) => {
      await told(assure.stop(space(request)));
      return reply.code(204).send();
    },
  );
  app.post('/api/assure/finish', { schema: { summary: 'judge and end every open step' } }, async (request) => {
    await told(assure.finish(space(request)));
    return report(request);
  });
  app.post<Named>(
    '/api/assure/steps/:name/begin',
    { schema: { summary: 'arrange a step, and count exchanges for it from now on', params: Params } },
    async (request) => stepReport((await told(assure.begin(space(request), request.params.name)))[0]!),
  );
  app.post<Named & { Body: { within?: number } | undefined }>(
    '/api/assure/steps/:name/end',
    {
      schema: {
        summary: 'judge a step and take back what it arranged',
        params: Params,
        body: { type: ['object', 'null'], additionalProperties: false, properties: { within: Within } },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const within = (request.body?.within ?? 0) * 1000;
      return stepReport(await told(assure.end(space(request), request.params.name, within, gone.signal)));
    },
  );
  app.post<Named>(
    '/api/assure/steps/:name/leave',
    { schema: { summary: 'take back what a step arranged, unjudged: it waits again', params: Params } },
    async (request) => stepReport(await told(assure.leave(space(request), request.params.name))),
  );
  app.post<Named & { Body: { answer: 'yes' | 'no'; note?: string; by?: string } }>(
    '/api/assure/steps/:name/attest',
    {
      schema: {
        summary: 'note what a person says of a step',
        params: Params,
        body: {
          type: 'object',
          required: ['answer'],
          additionalProperties: false,
          properties: {
            answer: { type: 'string', enum: ['yes', 'no'] },
            note: { type: 'string', maxLength: 2_000 },
            by: { type: 'string', maxLength: 200 },
          },
        },
      },
    },
    async (request) => stepReport(await told(assure.attest(space(request), request.params.name, request.body))),
  );
  app.get<{ Querystring: { format?: 'json' | 'html' | 'junit' } }>(
    '/api/assure/report',
    {
      schema: {
        summary: 'the evidence of the run: JSON, one HTML page, or JUnit XML',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: { format: { type: 'string', enum: ['json', 'html', 'junit'], default: 'json' } },
        },
      },
    },
    async (request, reply) => {
      const { format } = request.query;
      const made = await report(request);
      if (format === 'json') return made;
      if (format === 'junit') {
        const { junitReport } = await import('../../core/assure/junit.ts');
        return reply.type('application/xml').send(junitReport(made));
      }
      const { htmlReport } = await import('../../core/assure/html.ts');
      return reply.type('text/html; charset=utf-8').send(htmlReport(made));
    },
  );

  async function report(request: FastifyRequest) {
    const own = space(request);
    return reportOf(own.name, own.clock.iso(), await told(assure.run(own)));
  }
}

/** A call that a step asks for, by the same way as anybody's. */
async function make(app: FastifyInstance, token: string | undefined, space: string, call: string, body: unknown) {
  const [method, url] = call.split(' ') as ['PUT' | 'PATCH' | 'POST' | 'DELETE', string];
  const headers: Record<string, string> = { host: 'localhost', [SPACE_HEADER]: space };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const answer = await app.inject({ method, url, headers, ...(body === undefined ? {} : { payload: body as object }) });
  if (answer.statusCode < 400) return;
  const { message } = answer.json<{ message?: string }>();
  throw new AssureError(422, `the set asks for ${call}, which is refused with ${answer.statusCode}: ${message ?? ''}`);
}

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AssureError) throw new AdminError(error.status, error.message);
    throw error;
  }
}

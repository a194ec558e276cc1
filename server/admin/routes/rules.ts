/** Rules of a space: those of its own can be put and removed, those of the files are shown. */
import type { FastifyInstance } from 'fastify';
import { NAMED_ERRORS } from '../../namedErrors.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

const Params = { type: 'object', properties: { name: { type: 'string' } } };

export function ruleRoutes(app: FastifyInstance, context: AdminContext): void {
  const { rules } = context.core;
  const put = async (space: string, definition: unknown) => {
    const problems = await rules.put(space, definition);
    if (problems.length > 0) {
      const message = problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('\n');
      throw new AdminError(422, message, problems);
    }
  };
  app.get('/api/rules', { schema: { summary: 'rules in the order in which they decide, with their use' } }, (request) =>
    rules.list(spaceOf(context.core, request).name),
  );
  app.get('/api/rules/unused', { schema: { summary: 'enabled rules that never matched in this space' } }, (request) =>
    rules.unused(spaceOf(context.core, request).name),
  );
  app.get(
    '/api/rules/problems',
    { schema: { summary: 'what is wrong in the rule files' } },
    async () => rules.problems,
  );
  app.get(
    '/api/errors',
    { schema: { summary: 'errors that rules can name, with the test data that ask for them without a rule' } },
    async () => NAMED_ERRORS,
  );
  app.post('/api/rules/reload', { schema: { summary: 'read the rule files now' } }, async () => {
    await rules.reload();
    return { problems: rules.problems };
  });
  app.get<{ Params: { name: string } }>(
    '/api/rules/:name',
    { schema: { summary: 'one rule', params: Params } },
    async (request) => {
      const rule = await rules.get(spaceOf(context.core, request).name, request.params.name);
      if (!rule) throw new AdminError(404, `there is no rule "${request.params.name}"`);
      return rule;
    },
  );
  app.post<{ Body: { name?: string } }>(
    '/api/rules',
    { schema: { summary: 'add a rule, or replace the one of the same name', body: { type: 'object' } } },
    async (request, reply) => {
      const space = spaceOf(context.core, request);
      await put(space.name, request.body);
      return reply.code(201).send(await rules.get(space.name, String(request.body.name)));
    },
  );
  app.put<{ Params: { name: string }; Body: object }>(
    '/api/rules/:name',
    { schema: { summary: 'add or replace the rule of that name', params: Params, body: { type: 'object' } } },
    async (request) => {
      const space = spaceOf(context.core, request);
      await put(space.name, { ...(request.body as Record<string, unknown>), name: request.params.name });
      return rules.get(space.name, request.params.name);
    },
  );
  app.delete<{ Params: { name: string } }>(
    '/api/rules/:name',
    { schema: { summary: 'remove a rule of the space', params: Params } },
    async (request, reply) => {
      const gone = await rules.delete(spaceOf(context.core, request).name, request.params.name);
      if (!gone) throw new AdminError(404, `the space has no rule "${request.params.name}" of its own`);
      return reply.code(204).send();
    },
  );
}

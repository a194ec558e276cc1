/** The spaces in use, and their removal. */
import type { FastifyInstance } from 'fastify';
import { type AdminContext, AdminError } from '../context.ts';
import { resetSpace } from '../spaceData.ts';

export function spaceRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const { spaces } = core;
  app.get('/api/spaces', { schema: { summary: 'names of the spaces in use' } }, async () => spaces.names());
  app.delete<{ Params: { name: string } }>(
    '/api/spaces/:name',
    {
      schema: {
        summary: 'forget a space and all that it holds',
        description: 'A test that made a space of its own removes it at its end; the next use makes it anew.',
        params: { type: 'object', properties: { name: { type: 'string' } } },
      },
    },
    async (request, reply) => {
      const name = request.params.name.toLowerCase();
      if (!spaces.has(name)) throw new AdminError(404, `there is no space "${name}"`);
      const space = spaces.get(name);
      if (space === spaces.default) throw new AdminError(409, 'the default space stays; POST /api/reset empties it');
      await resetSpace(core, space);
      spaces.remove(space);
      return reply.code(204).send();
    },
  );
}

/** Back to the start: all spaces, or the one that the header names. */
import type { FastifyInstance } from 'fastify';
import { type AdminContext, spaceName, spaceOf } from '../context.ts';
import { resetSpace } from '../spaceData.ts';

export function resetRoutes(app: FastifyInstance, { core, changes }: AdminContext): void {
  app.post(
    '/api/reset',
    {
      schema: {
        summary: 'forget stored data, world changes, journal, rules and clock',
        description:
          'With the space header only that space; without it all of them, with TLS profiles and dated rules. Certificates stay.',
      },
    },
    async (request) => {
      const { spaces } = core;
      const named = spaceName(request);
      const reset = named === undefined ? spaces.names().map((name) => spaces.get(name)) : [spaceOf(core, request)];
      for (const space of reset) {
        await resetSpace(core, space);
        if (named === undefined) spaces.remove(space);
      }
      if (named === undefined) await changes.reset();
      return { spaces: reset.map((space) => space.name) };
    },
  );
}

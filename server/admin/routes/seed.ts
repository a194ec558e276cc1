/** Seed files taken into a space while it runs. */

import type { FastifyInstance } from 'fastify';
import { londonDay } from '../../core/clock/london.ts';
import { importSeed, type SeedText } from '../../core/world/import/importSeed.ts';
import { ProblemsError } from '../../core/yaml/problem.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

const BODY = {
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    files: {
      type: 'array',
      minItems: 1,
      maxItems: 500,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['file', 'text'],
        properties: {
          file: { type: 'string', description: 'name with its ending: .yaml, .csv, mailboxes.jsonl, workflows.jsonl' },
          text: { type: 'string' },
        },
      },
    },
  },
};

export function seedRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.post<{ Body: { files: SeedText[] }; Querystring: { check: boolean } }>(
    '/api/seed',
    {
      schema: {
        summary: 'take seed files into the space: all of them, or nothing when one has a fault',
        description: 'Files as in stubs/world. Records of the same id are replaced, all others stay.',
        body: BODY,
        querystring: {
          type: 'object',
          properties: { check: { type: 'boolean', default: false, description: 'say what would be, do nothing' } },
        },
      },
    },
    async (request) => {
      const { name, world, clock } = spaceOf(core, request);
      const { check } = request.query;
      try {
        return await importSeed(world, request.body.files, { today: londonDay(clock.now()), space: name, check });
      } catch (error) {
        if (error instanceof ProblemsError) throw new AdminError(422, error.message, error.problems);
        throw error;
      }
    },
  );
}

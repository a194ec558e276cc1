/** Rules from what the journal has of another environment, or of this one. */
import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { TEXT_FIELDS } from '../../core/journal/filter.ts';
import { Scrubber } from '../../core/record/scrub.ts';
import { toRules } from '../../core/record/toRules.ts';
import type { AdminContext } from '../context.ts';
import { filterOf } from './journal.ts';

/** A recording is one file that people read. */
const MAX_RECORDED = 1_000;

interface RecordQuery extends Record<string, unknown> {
  limit?: number;
  diff?: boolean;
  all?: boolean;
  scrub?: boolean;
}

export function recordRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: RecordQuery }>(
    '/api/record/rules',
    {
      schema: {
        summary: 'rules that give again what was answered, as a YAML file for the folder of rules',
        description:
          'Of exchanges that a rule passed on, or with `all` of every one; the filters of the journal choose. NHS numbers, names, addresses and secrets are replaced by invented ones.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...Object.fromEntries(TEXT_FIELDS.map((field) => [field, { type: 'string' }])),
            after: { type: 'integer' },
            limit: { type: 'integer', minimum: 1, maximum: MAX_RECORDED, default: MAX_RECORDED },
            diff: { type: 'boolean', description: 'rules that compare our answers with the recorded ones' },
            all: { type: 'boolean', description: 'also exchanges that were answered here' },
            scrub: {
              type: 'boolean',
              default: true,
              description:
                'false keeps names, numbers and addresses, which recordings of simulators invented; never secrets',
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { limit = MAX_RECORDED, diff = false, all = false, scrub = true, ...filter } = request.query;
      const found = await core.journal.search(filterOf(request, filter), { limit });
      const passedOn = all
        ? found
        : found.filter(({ steps }) => steps.some(({ name, outcome }) => name === 'forward' && outcome === 'ok'));
      const { rules, skipped } = toRules(passedOn.reverse(), { diff, scrubber: new Scrubber(core.mask, scrub) });
      const head = [
        '# yaml-language-server: $schema=../rules.schema.json',
        `# Recorded: ${rules.length} rules. ${scrub ? 'Names, numbers and secrets that were found are replaced; look through it all the same.' : 'People are as they were recorded.'}`,
        ...skipped.map(({ id, reason }) => `# left out ${id}: ${reason}`),
      ];
      reply.header('Content-Type', 'application/yaml; charset=utf-8');
      return `${head.join('\n')}\n${stringify({ rules })}`;
    },
  );
}

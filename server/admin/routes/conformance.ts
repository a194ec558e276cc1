/** Conformance reports: what the messages that came in have right and wrong, check by check. */
import type { FastifyInstance } from 'fastify';
import type { Examination } from '../../core/conformance/conformance.ts';
import { htmlReport } from '../../core/conformance/html.ts';
import { junitReport } from '../../core/conformance/junit.ts';
import { reportOf } from '../../core/conformance/report.ts';
import { type AdminContext, AdminError, isShown, spaceOf } from '../context.ts';
import { filterOf } from './journal.ts';

/** A report is read by a person or a build server; more messages than these say nothing new. */
const MAX_MESSAGES = 10_000;

const FILTERS = ['interaction', 'asid', 'partyKey', 'messageId', 'conversationId', 'since'] as const;

type Query = Partial<Record<(typeof FILTERS)[number], string>> & { limit: number; format: 'json' | 'html' | 'junit' };

export function conformanceRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get<{ Querystring: Query }>(
    '/api/conformance',
    {
      schema: {
        summary: 'a report on the messages received: every check, passed or failed, with the source of its rule',
        description: 'Of the newest messages that match, oldest first. As JSON, one HTML page, or JUnit XML.',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...Object.fromEntries(FILTERS.map((name) => [name, { type: 'string' }])),
            limit: { type: 'integer', minimum: 1, maximum: MAX_MESSAGES, default: 1_000 },
            format: { type: 'string', enum: ['json', 'html', 'junit'], default: 'json' },
          },
        },
      },
    },
    async (request, reply) => {
      const { limit, format, ...filter } = request.query;
      const examinations: Examination[] = [];
      for (const service of core.conformance.services) {
        const wanted = filterOf(request, { ...filter, service });
        for (const entry of await core.journal.search(wanted, { limit })) {
          const examination = await core.conformance.examine(entry);
          if (examination) examinations.push(examination);
        }
      }
      examinations.sort((a, b) => (a.at < b.at ? -1 : 1));
      const report = reportOf(spaceOf(core, request).clock.iso(), examinations);
      if (format === 'html') return reply.type('text/html; charset=utf-8').send(htmlReport(report));
      if (format === 'junit') return reply.type('application/xml').send(junitReport(report));
      return report;
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/conformance/:id',
    { schema: { summary: 'every check of one message, by the id of its journal entry' } },
    async (request) => {
      const entry = await core.journal.lookUp(request.params.id);
      const shown = entry && isShown(request, entry.space);
      const examination = shown && (await core.conformance.examine(entry));
      if (!examination) throw new AdminError(404, `the journal has no received message "${request.params.id}"`);
      return examination;
    },
  );
}

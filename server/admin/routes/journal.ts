/** The journal: lists, single entries, and verification with a wait. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { durationMs } from '../../core/clock/duration.ts';
import { isoTimeMs } from '../../core/clock/isoTime.ts';
import { type JournalFilter, TEXT_FIELDS } from '../../core/journal/filter.ts';
import { entryView, summaryView } from '../../core/journal/view.ts';
import { type AdminContext, AdminError, spaceName } from '../context.ts';

/** Longest wait of a verification. */
const MAX_WAIT_MS = 60_000;
const MAX_PAGE = 1_000;

const FilterProperties = {
  ...Object.fromEntries(TEXT_FIELDS.map((field) => [field, { type: 'string' }])),
  status: { type: 'integer' },
  after: { type: 'integer', description: 'only entries with a greater seq' },
};

interface VerifyBody extends JournalFilter {
  /** The same fields may stand here or beside the counts. */
  filter?: JournalFilter;
  atLeast?: number;
  atMost?: number;
  within?: string | number;
}

/** Seconds as a number, `5s`, `500ms`, or an ISO 8601 duration; in milliseconds. */
function waitMs(within: string | number | undefined): number {
  if (within === undefined) return 0;
  const short = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(String(within));
  const milliseconds = short ? Number(short[1]) * (short[2] === 'ms' ? 1 : 1000) : durationMs(String(within));
  if (milliseconds === undefined || milliseconds < 0 || milliseconds > MAX_WAIT_MS) {
    throw new AdminError(400, `"within" must be seconds or an ISO 8601 duration of at most ${MAX_WAIT_MS / 1000} s`);
  }
  return milliseconds;
}

/** The filter of a request, with its time as entries write theirs: they are compared as texts. */
function filterOf(request: FastifyRequest, { since, ...filter }: JournalFilter): JournalFilter {
  const wanted = { ...filter, space: spaceName(request) };
  if (since === undefined) return wanted;
  const time = isoTimeMs(since);
  if (time === undefined) throw new AdminError(400, `since: "${since}" is not an ISO time`);
  return { ...wanted, since: new Date(time).toISOString() };
}

export function journalRoutes(app: FastifyInstance, context: AdminContext): void {
  const { journal } = context.core;
  app.get<{ Querystring: JournalFilter & { limit?: number; full?: boolean } }>(
    '/api/journal',
    {
      schema: {
        summary: 'exchanges, newest first; with the space header only those of the space',
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...FilterProperties,
            limit: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 100 },
            full: { type: 'boolean', description: 'with headers, bodies and steps' },
          },
        },
      },
    },
    async (request) => {
      const { limit, full, ...filter } = request.query;
      const wanted = filterOf(request, filter);
      const entries = journal.find(wanted, { limit: limit ?? 100 });
      return {
        total: journal.count(wanted),
        entries: entries.map((entry) => (full ? entryView(entry) : summaryView(entry))),
      };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/journal/:id',
    { schema: { summary: 'one exchange with headers, bodies, steps and near misses' } },
    async (request) => {
      const entry = journal.get(request.params.id);
      if (!entry)
        throw new AdminError(404, `the journal has no entry "${request.params.id}"; the oldest ones go first`);
      return entryView(entry);
    },
  );
  app.post<{ Body: VerifyBody }>(
    '/api/verify',
    {
      schema: {
        summary: 'count matching exchanges and wait until there are enough',
        description: 'Answers as soon as it is decided: satisfied or not, the count, and the newest matches.',
        body: {
          type: 'object',
          additionalProperties: false,
          properties: {
            ...FilterProperties,
            filter: { type: 'object', additionalProperties: false, properties: FilterProperties },
            atLeast: { type: 'integer', minimum: 0, description: '1 unless only atMost is given' },
            atMost: { type: 'integer', minimum: 0 },
            within: {
              anyOf: [{ type: 'number' }, { type: 'string' }],
              description: 'seconds, or an ISO 8601 duration; default 0',
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { filter, atLeast, atMost, within, ...beside } = request.body;
      const wanted = filterOf(request, { ...beside, ...filter });
      const least = atLeast ?? (atMost === undefined ? 1 : 0);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const result = await journal.verify(wanted, least, atMost, waitMs(within), gone.signal);
      return { ...result, matched: result.matched.map(summaryView) };
    },
  );
}

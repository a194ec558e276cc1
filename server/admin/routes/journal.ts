/** The journal: lists, single entries, and verification with a wait. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { durationMs } from '../../core/clock/duration.ts';
import { isoTimeMs } from '../../core/clock/isoTime.ts';
import { type JournalFilter, TEXT_FIELDS } from '../../core/journal/filter.ts';
import { type NearEntry, nearestEntries } from '../../core/journal/nearest.ts';
import { MAX_STEPS, verifySequence } from '../../core/journal/sequence.ts';
import { entryView, summaryView } from '../../core/journal/view.ts';
import { DEFAULT_SPACE } from '../../core/space/space.ts';
import { nearest } from '../../core/yaml/nearest.ts';
import { type AdminContext, AdminError, isShown, spaceName } from '../context.ts';

/** Longest wait of a verification. */
const MAX_WAIT_MS = 60_000;
const MAX_PAGE = 1_000;

const FilterProperties = {
  ...Object.fromEntries(TEXT_FIELDS.map((field) => [field, { type: 'string' }])),
  status: { type: 'integer' },
  after: { type: 'integer', description: 'only entries with a greater seq' },
  before: { type: 'integer', description: 'only entries with a smaller seq: the next page' },
};

interface SequenceBody {
  name?: string;
  after?: number;
  since?: string;
  steps: (JournalFilter & { atLeast?: number; atMost?: number })[];
  span?: string | number;
  within?: string | number;
}

interface VerifyBody extends JournalFilter {
  /** What is verified, for reports. */
  name?: string;
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

/** As `waitMs`, of simulated time and so without an end. */
function spanMs(span: string | number): number {
  const short = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(String(span));
  const milliseconds = short ? Number(short[1]) * (short[2] === 'ms' ? 1 : 1000) : durationMs(String(span));
  if (milliseconds === undefined || milliseconds < 0) throw new AdminError(400, `span: "${span}" is no duration`);
  return milliseconds;
}

/** Fields of which few values are possible: one that never is would find nothing, and look like good news. */
const KNOWN = {
  outcome: ['ok', 'refused', 'failed'],
  direction: ['inbound', 'outbound'],
  protocol: ['http', 'ldap', 'tls'],
} as const;

function refuseOther(name: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) return;
  const guess = nearest(value, known);
  const hint = guess === undefined ? '' : `; did you mean "${guess}"?`;
  throw new AdminError(400, `${name}: there is no "${value}", it is one of ${known.join(', ')}${hint}`);
}

/** The filter of a request, with its time as entries write theirs: they are compared as texts. */
export function filterOf(request: FastifyRequest, filter: JournalFilter): JournalFilter {
  for (const [name, known] of Object.entries(KNOWN)) refuseOther(name, filter[name as keyof typeof KNOWN], known);
  const wanted = { ...filter, space: spaceName(request) };
  for (const name of ['since', 'until'] as const) {
    const text = filter[name];
    if (text === undefined) continue;
    const time = isoTimeMs(text);
    if (time === undefined) throw new AdminError(400, `${name}: "${text}" is not an ISO time`);
    wanted[name] = new Date(time).toISOString();
  }
  return wanted;
}

/** Filter, counts and wait of a verification in words. */
function detailOf(filter: JournalFilter, least: number, most: number | undefined, count: number): string {
  const { space: _space, ...asked } = filter;
  const what = Object.entries(asked).map(([name, value]) => `${name} ${value}`);
  const wanted = most === undefined ? `at least ${least}` : `${least} to ${most}`;
  return `${wanted} exchanges with ${what.join(', ') || 'anything'}: ${count} found`;
}

const nearView = ({ entry, differences }: NearEntry) => ({ entry: summaryView(entry), differences });

/** How many entries are looked at for near misses: the newest, which the test has just made. */
const LOOKED_AT = 1_000;

const EXPORTS: Record<string, { type: string; extension: string }> = {
  har: { type: 'application/json', extension: 'har' },
  junit: { type: 'application/xml', extension: 'xml' },
  html: { type: 'text/html; charset=utf-8', extension: 'html' },
};

/** An export is one file that is made in memory. */
const MAX_EXPORTED = 10_000;

export function journalRoutes(app: FastifyInstance, context: AdminContext): void {
  const { core } = context;
  const { journal, verifications } = core;
  const clockOf = (request: FastifyRequest) => core.spaces.get(spaceName(request) ?? DEFAULT_SPACE).clock;
  const verified = (request: FastifyRequest, name: string, satisfied: boolean, detail: string, began: number) => {
    const at = clockOf(request).iso();
    const ms = Math.round(performance.now() - began);
    verifications.add({ name, space: spaceName(request) ?? DEFAULT_SPACE, at, satisfied, detail, ms });
  };
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
      const { total, entries } = await journal.searchAndCount(wanted, { limit: limit ?? 100 });
      return {
        total,
        entries: entries.map((entry) => (full ? entryView(entry) : summaryView(entry))),
      };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/api/journal/:id',
    { schema: { summary: 'one exchange with headers, bodies, steps and near misses' } },
    async (request) => {
      const entry = await journal.lookUp(request.params.id);
      if (!entry || !isShown(request, entry.space))
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
            name: { type: 'string', maxLength: 500, description: 'what is verified, for reports' },
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
      const began = performance.now();
      const { filter, name, atLeast, atMost, within, ...beside } = request.body;
      const wanted = filterOf(request, { ...beside, ...filter });
      const least = atLeast ?? (atMost === undefined ? 1 : 0);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const result = await journal.verify(wanted, least, atMost, waitMs(within), gone.signal);
      const detail = detailOf({ ...beside, ...filter }, least, atMost, result.count);
      verified(request, name ?? detail, result.satisfied, detail, began);
      const told = { ...result, matched: result.matched.map(summaryView) };
      if (result.satisfied || result.count > least) return told;
      const newest = await journal.search({ space: wanted.space }, { limit: LOOKED_AT });
      return { ...told, nearest: nearestEntries(newest, wanted).map(nearView) };
    },
  );
  app.post<{ Body: SequenceBody }>(
    '/api/verify/sequence',
    {
      schema: {
        summary: 'whether exchanges happened one after another, and wait until they have',
        description:
          'Each step is a filter; `atLeast` (1) and `atMost` count what matches it before the first match of the next step. `span` is the longest simulated time from the first entry to the last.',
        body: {
          type: 'object',
          required: ['steps'],
          additionalProperties: false,
          properties: {
            name: { type: 'string', maxLength: 500, description: 'what is verified, for reports' },
            after: FilterProperties.after,
            since: { type: 'string' },
            steps: {
              type: 'array',
              minItems: 1,
              maxItems: MAX_STEPS,
              items: {
                type: 'object',
                additionalProperties: false,
                properties: {
                  ...FilterProperties,
                  atLeast: { type: 'integer', minimum: 0, default: 1 },
                  atMost: { type: 'integer', minimum: 0 },
                },
              },
            },
            span: { anyOf: [{ type: 'number' }, { type: 'string' }], description: 'seconds, or an ISO 8601 duration' },
            within: { anyOf: [{ type: 'number' }, { type: 'string' }], description: 'how long to wait; default 0' },
          },
        },
      },
    },
    async (request, reply) => {
      const began = performance.now();
      const { name, steps, span, within, after, since } = request.body;
      const scope = filterOf(request, { after, since });
      const asked = steps.map(({ atLeast, atMost, ...filter }) => {
        return { filter: filterOf(request, filter), atLeast: atLeast ?? 1, atMost };
      });
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      const result = await verifySequence(journal, scope, asked, {
        span: span === undefined ? undefined : spanMs(span),
        withinMs: waitMs(within),
        gone: gone.signal,
      });
      const { satisfied, missing } = result;
      const detail = missing ? `step ${missing.step + 1}: ${missing.reason}` : `${steps.length} steps in their order`;
      verified(request, name ?? `a sequence of ${steps.length} steps`, satisfied, detail, began);
      return {
        satisfied,
        matched: result.matched.map((found) => found.map(summaryView)),
        ...(missing && { missing: { ...missing, step: missing.step + 1, nearest: missing.nearest.map(nearView) } }),
      };
    },
  );
  app.get<{ Querystring: JournalFilter & { format: string; limit?: number; mask?: boolean } }>(
    '/api/journal/export',
    {
      schema: {
        summary: 'exchanges as one file: HTTP Archive, JUnit XML or a web page',
        description: 'Oldest first, the newest up to `limit`. Secrets are masked unless `mask` is false.',
        querystring: {
          type: 'object',
          required: ['format'],
          additionalProperties: false,
          properties: {
            ...FilterProperties,
            format: { type: 'string', enum: Object.keys(EXPORTS) },
            limit: { type: 'integer', minimum: 1, maximum: MAX_EXPORTED, default: 1_000 },
            mask: { type: 'boolean', default: true },
          },
        },
      },
    },
    async (request, reply) => {
      const { format, limit = 1_000, mask = true, ...filter } = request.query;
      const found = (await journal.search(filterOf(request, filter), { limit })).reverse();
      const entries = mask ? found.map((entry) => core.mask.masked(entry)) : found;
      const { type, extension } = EXPORTS[format]!;
      const checks = verifications.of(spaceName(request));
      reply.header('Content-Type', type);
      reply.header('Content-Disposition', `attachment; filename="journal.${extension}"`);
      if (format === 'har') return (await import('../../core/journal/export/har.ts')).toHar(entries, '1');
      if (format === 'junit') return (await import('../../core/journal/export/junit.ts')).toJunit(entries, checks);
      const { toHtml } = await import('../../core/journal/export/html.ts');
      const space = spaceName(request);
      const title = `Exchanges of ${space === undefined ? 'all spaces' : `the space ${space}`}`;
      return toHtml({ title, at: clockOf(request).iso(), entries, verified: checks });
    },
  );
}

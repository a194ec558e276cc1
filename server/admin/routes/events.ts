/** The live list: one server-sent event for each exchange. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { JournalEntry } from '../../core/journal/entry.ts';
import type { Journal } from '../../core/journal/journal.ts';
import { summaryView } from '../../core/journal/view.ts';
import { type AdminContext, spaceName } from '../context.ts';

/** A comment line now and then keeps proxies from closing a quiet connection. */
const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a reader who does not read; then the connection is closed and resumes with Last-Event-ID. */
const MAX_WAITING_BYTES = 1 << 20;
/** Entries of the past that are written before the reader must have taken them. */
const REPLAY_PAGE = 200;

export function eventRoutes(app: FastifyInstance, context: AdminContext): void {
  const { journal } = context.core;
  const open = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
  app.get(
    '/api/events',
    // HEAD would be answered by a stream without end, too.
    { exposeHeadRoute: false, schema: { summary: 'exchanges as they end (text/event-stream)' } },
    async (request, reply) => {
      reply.hijack();
      const response = reply.raw;
      const wanted = { space: spaceName(request) };
      const last = request.headers['last-event-id'];
      open.add(response);
      response.once('close', () => open.delete(response));
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(': connected\n\n');
      if (/^\d+$/.test(String(last))) await replay(journal, response, wanted, Number(last));
      if (!response.destroyed) follow(journal, response, wanted);
    },
  );
}

const eventOf = (entry: JournalEntry) =>
  `id: ${entry.seq}\nevent: exchange\ndata: ${JSON.stringify(summaryView(entry))}\n\n`;

/** What was missed, no faster than the reader takes it. */
async function replay(
  journal: Journal,
  response: ServerResponse,
  wanted: { space?: string | undefined },
  last: number,
) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let after = last;
  while (!response.destroyed) {
    const page = await journal.search({ ...wanted, after }, { oldestFirst: true, limit: REPLAY_PAGE });
    if (page.length === 0) return;
    after = page.at(-1)!.seq;
    if (!response.write(page.map(eventOf).join(''))) {
      await once(response, 'drain', { signal: gone.signal }).catch(() => {});
    }
  }
}

function follow(journal: Journal, response: ServerResponse, { space }: { space?: string | undefined }): void {
  const stop = journal.subscribe((entry) => {
    if ((space !== undefined && entry.space !== space) || response.writableEnded) return;
    response.write(eventOf(entry));
    if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
  });
  const heartbeat = setInterval(() => response.writableEnded || response.write(': \n\n'), HEARTBEAT_MS);
  response.once('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}

/** The live list: one server-sent event for each exchange. */
import type { FastifyInstance } from 'fastify';
import type { JournalEntry } from '../../core/journal/entry.ts';
import { summaryView } from '../../core/journal/view.ts';
import { type AdminContext, spaceName } from '../context.ts';

/** A comment line now and then keeps proxies from closing a quiet connection. */
const HEARTBEAT_MS = 15_000;
/** Bytes that may wait for a reader who does not read; then the connection is closed and resumes with Last-Event-ID. */
const MAX_WAITING_BYTES = 1 << 20;

export function eventRoutes(app: FastifyInstance, context: AdminContext): void {
  const open = new Set<() => void>();
  app.addHook('onClose', async () => {
    for (const close of [...open]) close();
  });
  app.get(
    '/api/events',
    { schema: { summary: 'exchanges as they end (text/event-stream)' } },
    async (request, reply) => {
      reply.hijack();
      const response = reply.raw;
      const space = spaceName(request);
      const send = (entry: JournalEntry) => {
        if (space !== undefined && entry.space !== space) return;
        response.write(`id: ${entry.seq}\nevent: exchange\ndata: ${JSON.stringify(summaryView(entry))}\n\n`);
        if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
      };
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write(': connected\n\n');
      const last = Number(request.headers['last-event-id']);
      if (Number.isInteger(last))
        for (const entry of context.core.journal.find({ after: last }, { oldestFirst: true })) send(entry);
      const stop = context.core.journal.subscribe(send);
      const heartbeat = setInterval(() => response.write(': \n\n'), HEARTBEAT_MS);
      const close = () => {
        open.delete(close);
        clearInterval(heartbeat);
        stop();
        response.end();
      };
      open.add(close);
      response.once('close', close);
    },
  );
}

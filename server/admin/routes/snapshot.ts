/** A space's stored data and clock, to keep as a file and to put back. */
import type { FastifyInstance } from 'fastify';
import type { SnapshotRow } from '../../core/store/snapshot.ts';
import { StoreError } from '../../core/store/storeError.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';

interface Snapshot {
  format: 'spine-sim-snapshot';
  version: 1;
  clock: { now: string; frozen: boolean; offsetMs: number };
  rows: SnapshotRow[];
}

const SnapshotSchema = {
  type: 'object',
  required: ['format', 'version', 'rows'],
  properties: {
    format: { const: 'spine-sim-snapshot' },
    version: { const: 1 },
    clock: {
      type: 'object',
      properties: { now: { type: 'string' }, frozen: { type: 'boolean' }, offsetMs: { type: 'number' } },
    },
    rows: { type: 'array', items: { type: 'object', required: ['kind', 'id'] } },
  },
};

/** Real time goes on while a snapshot lies about: a clock that was never moved is not moved by putting one back. */
const UNTOUCHED_MS = 1_000;

export function snapshotRoutes(app: FastifyInstance, context: AdminContext): void {
  const { store } = context.core;
  app.get('/api/snapshot', { schema: { summary: 'all that the space holds' } }, async (request): Promise<Snapshot> => {
    const space = spaceOf(context, request);
    const rows: SnapshotRow[] = [];
    for await (const row of store.dump(space.name)) rows.push(row);
    return { format: 'spine-sim-snapshot', version: 1, clock: space.clock.state(), rows };
  });
  app.put<{ Body: Snapshot }>(
    '/api/snapshot',
    { schema: { summary: 'put a snapshot in the place of all that the space holds', body: SnapshotSchema } },
    async (request) => {
      const space = spaceOf(context, request);
      const { rows, clock } = request.body;
      await context.resetSpace(space);
      try {
        await store.restore(space.name, rows);
      } catch (error) {
        if (error instanceof StoreError) throw new AdminError(422, error.message);
        throw error;
      }
      await space.world.load();
      await context.core.sessions.open();
      if (clock && (clock.frozen || Math.abs(clock.offsetMs) > UNTOUCHED_MS)) {
        if (clock.frozen) space.clock.freeze();
        space.clock.set(Date.parse(clock.now));
      }
      return { space: space.name, rows: rows.length };
    },
  );
}

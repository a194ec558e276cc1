/** A space's stored data and clock, to keep as a file and to put back. */
import type { FastifyInstance } from 'fastify';
import { isClockTime } from '../../core/clock/clock.ts';
import { isoTimeMs } from '../../core/clock/isoTime.ts';
import type { SnapshotRow } from '../../core/store/snapshot.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';
import { restoreSpace, savedRows } from '../spaceData.ts';

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
      required: ['now', 'frozen', 'offsetMs'],
      properties: { now: { type: 'string' }, frozen: { type: 'boolean' }, offsetMs: { type: 'number' } },
    },
    rows: { type: 'array', items: { type: 'object', required: ['kind', 'id'] } },
  },
};

/** Real time goes on while a snapshot lies about: a clock that was never moved is not moved by putting one back. */
const UNTOUCHED_MS = 1_000;

export function snapshotRoutes(app: FastifyInstance, { core }: AdminContext): void {
  app.get('/api/snapshot', { schema: { summary: 'all that the space holds' } }, async (request): Promise<Snapshot> => {
    const space = spaceOf(core, request);
    const rows = await savedRows(core, space);
    return { format: 'spine-sim-snapshot', version: 1, clock: space.clock.state(), rows };
  });
  app.put<{ Body: Snapshot }>(
    '/api/snapshot',
    { schema: { summary: 'put a snapshot in the place of all that the space holds', body: SnapshotSchema } },
    async (request) => {
      const space = spaceOf(core, request);
      const { rows, clock } = request.body;
      const time = clock === undefined ? undefined : isoTimeMs(clock.now);
      if (clock && (time === undefined || !isClockTime(time)))
        throw new AdminError(400, `clock.now: "${clock.now}" is not a time of the simulator`);
      await restoreSpace(core, space, rows);
      if (clock && time !== undefined && (clock.frozen || Math.abs(clock.offsetMs) > UNTOUCHED_MS)) {
        if (clock.frozen) space.clock.freeze();
        space.clock.set(time);
      }
      return { space: space.name, rows: rows.length };
    },
  );
}

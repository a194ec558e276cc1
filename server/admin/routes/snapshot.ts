/** A space's stored data and clock, to keep as a file and to put back. */
import type { FastifyInstance } from 'fastify';
import { SETTINGS_SCHEMA } from '../../config/schemaFile.ts';
import { isClockTime } from '../../core/clock/clock.ts';
import { isoTimeMs } from '../../core/clock/isoTime.ts';
import type { Core } from '../../core/core.ts';
import { PolicyError } from '../../core/policy/policy.ts';
import { DEFAULT_SPACE, isSpaceName, type Space } from '../../core/space/space.ts';
import type { SnapshotRow } from '../../core/store/snapshot.ts';
import type { Changes, EnvironmentChanges } from '../../listeners/environmentChanges.ts';
import { ProfileError } from '../../listeners/profileBoard.ts';
import { type AdminContext, AdminError, spaceOf } from '../context.ts';
import { refuseRows, resetSpace, restoreSpace, savedRows, withoutClock } from '../spaceData.ts';

interface Snapshot {
  format: 'spine-sim-snapshot';
  version: 1;
  clock: { now: string; frozen: boolean; offsetMs: number };
  rows: SnapshotRow[];
}

/** Every space that holds something, or whose clock was moved. */
interface EnvironmentSnapshot {
  format: 'spine-sim-environment';
  version: 1;
  spaces: Record<string, Snapshot>;
  /** Dated rules and TLS profiles as changed by hand; absent in files of earlier versions. */
  changes?: Changes;
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

const EnvironmentSchema = {
  type: 'object',
  required: ['format', 'version', 'spaces'],
  additionalProperties: false,
  properties: {
    format: { const: 'spine-sim-environment' },
    version: { const: 1 },
    spaces: { type: 'object', additionalProperties: SnapshotSchema },
    changes: {
      type: 'object',
      required: ['policy', 'tls'],
      additionalProperties: false,
      properties: {
        policy: SETTINGS_SCHEMA.properties!.policy!.properties!.rules!,
        tls: {
          type: 'object',
          required: ['profiles', 'hosts'],
          additionalProperties: false,
          properties: {
            profiles: { type: 'object', additionalProperties: { type: 'object' } },
            hosts: { type: 'object', additionalProperties: { type: 'string' } },
          },
        },
      },
    },
  },
};

async function saved(core: Core, space: Space): Promise<Snapshot> {
  const rows = withoutClock(await savedRows(core, space));
  return { format: 'spine-sim-snapshot', version: 1, clock: space.clock.state(), rows };
}

/** The time of a snapshot's clock; undefined without one. Throws AdminError 400. */
function timeOf({ clock }: Snapshot): number | undefined {
  const time = clock === undefined ? undefined : isoTimeMs(clock.now);
  if (clock && (time === undefined || !isClockTime(time)))
    throw new AdminError(400, `clock.now: "${clock.now}" is not a time of the simulator`);
  return time;
}

async function putBack(core: Core, space: Space, snapshot: Snapshot): Promise<void> {
  const time = timeOf(snapshot);
  const { rows, clock } = snapshot;
  const moved = clock && time !== undefined && (clock.frozen || Math.abs(clock.offsetMs) > UNTOUCHED_MS);
  await restoreSpace(core, space, rows, moved ? space.clock.settingsFor(time, clock.frozen) : undefined);
}

/** Spaces of the snapshot are put back, all others are reset. A space that can't be used leaves all as it was. */
async function putAllBack(
  { core, changes }: AdminContext,
  { spaces, changes: wanted }: EnvironmentSnapshot,
): Promise<void> {
  for (const [name, snapshot] of Object.entries(spaces)) {
    if (!isSpaceName(name)) throw new AdminError(400, `"${name}" is not the name of a space`);
    timeOf(snapshot);
    refuseRows(snapshot.rows);
  }
  const before = new Map<string, Snapshot>();
  for (const name of core.spaces.names()) before.set(name, await saved(core, core.spaces.get(name)));
  const changed = changes.current();
  try {
    if (wanted) await takeChanges(changes, wanted);
    await replaceAll(core, spaces);
  } catch (error) {
    await changes.take(changed);
    await replaceAll(core, Object.fromEntries(before));
    throw error;
  }
}

async function takeChanges(changes: EnvironmentChanges, wanted: Changes): Promise<void> {
  try {
    await changes.take(wanted);
  } catch (error) {
    if (!(error instanceof PolicyError || error instanceof ProfileError)) throw error;
    throw new AdminError(422, `changes: ${error.message}`);
  }
}

async function replaceAll(core: Core, spaces: Record<string, Snapshot>): Promise<void> {
  // The default space first: others follow its clock.
  const names = Object.keys(spaces).sort((a, b) => Number(b === DEFAULT_SPACE) - Number(a === DEFAULT_SPACE));
  for (const name of core.spaces.names()) {
    if (name in spaces) continue;
    const space = core.spaces.get(name);
    await resetSpace(core, space);
    core.spaces.remove(space);
  }
  for (const name of names) await putBack(core, core.spaces.get(name), spaces[name]!);
}

export function snapshotRoutes(app: FastifyInstance, context: AdminContext): void {
  const { core, changes } = context;
  app.get('/api/snapshot', { schema: { summary: 'all that the space holds' } }, async (request): Promise<Snapshot> => {
    return saved(core, spaceOf(core, request));
  });
  app.get(
    '/api/snapshot/environment',
    { schema: { summary: 'all that all spaces hold' } },
    async (): Promise<EnvironmentSnapshot> => {
      const spaces: Record<string, Snapshot> = {};
      for (const name of core.spaces.names()) spaces[name] = await saved(core, core.spaces.get(name));
      return { format: 'spine-sim-environment', version: 1, spaces, changes: changes.current() };
    },
  );
  app.put<{ Body: EnvironmentSnapshot }>(
    '/api/snapshot/environment',
    {
      schema: {
        summary: 'put a snapshot in the place of all spaces; those that are not in it are reset',
        body: EnvironmentSchema,
      },
    },
    async (request) => {
      await putAllBack(context, request.body);
      return { spaces: Object.keys(request.body.spaces) };
    },
  );
  app.put<{ Body: Snapshot }>(
    '/api/snapshot',
    { schema: { summary: 'put a snapshot in the place of all that the space holds', body: SnapshotSchema } },
    async (request) => {
      const space = spaceOf(core, request);
      refuseRows(request.body.rows);
      await putBack(core, space, request.body);
      return { space: space.name, rows: request.body.rows.length };
    },
  );
}

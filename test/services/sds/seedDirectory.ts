/** The shipped world's directory behind a real port, without the rest of the environment. */

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { Clock } from '../../../server/core/clock/clock.ts';
import type { ExchangeContext } from '../../../server/core/exchange/exchange.ts';
import { Journal } from '../../../server/core/journal/journal.ts';
import { Rules } from '../../../server/core/rules/engine.ts';
import type { Space } from '../../../server/core/space/space.ts';
import { Spaces } from '../../../server/core/space/spaces.ts';
import { openStore } from '../../../server/core/store/open.ts';
import { loadSeed, SHIPPED_WORLD } from '../../../server/core/world/seed/load.ts';
import { World } from '../../../server/core/world/world.ts';
import type { Directory } from '../../../server/services/sds/directory/directory.ts';
import { createSds, type Sds } from '../../../server/services/sds/sds.ts';
import type { ConnectionFacts } from '../../../server/services/sds/session.ts';
import type { SdsSettings } from '../../../server/services/sds/settings.ts';
import type { SpaceDirectory } from '../../../server/services/sds/spaceDirectory.ts';

export interface SeedDirectory {
  port: number;
  url: string;
  sds: Sds;
  space: Space;
  directory: SpaceDirectory;
  context: ExchangeContext;
  /** What went wrong inside: nothing, in every test. */
  faults: unknown[];
}

type Teardown = { teardown(run: () => unknown): void };

const seed = loadSeed({ today: '2026-01-31', directories: [SHIPPED_WORLD] });

export async function startSeedDirectory(
  t: Teardown,
  settings: Partial<SdsSettings> = {},
  facts: Partial<ConnectionFacts> = {},
  beneath?: Directory,
): Promise<SeedDirectory> {
  const loaded = await seed;
  const faults: unknown[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => faults.push(line) });
  const spaces = new Spaces({
    clock: new Clock(),
    createWorld: (space, clock) => new World({ seed: loaded, space, clock }),
  });
  const journal = new Journal({ maxEntries: 10_000, maxTotalBytes: 1 << 24, maxBodyBytes: 1 << 16 });
  const rules = new Rules({ store: await openStore({ engine: 'memory' }) });
  const context: ExchangeContext = { spaces, journal, rules, log };
  const sds = createSds(context, settings, beneath);
  const server = createServer({ noDelay: true }, (socket) => {
    sds.accept(socket, { secure: false, peer: `127.0.0.1:${socket.remotePort}`, ...facts });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    sds.close();
    spaces.close();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const space = spaces.default;
  return { port, url: `ldap://127.0.0.1:${port}`, sds, space, directory: sds.directoryOf(space), context, faults };
}

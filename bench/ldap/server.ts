/** Our directory as a process of its own, loaded from an LDIF file: `node server.ts <ldif> <journal: on|off>`. */
import { createServer } from 'node:net';
import pino from 'pino';
import { Clock } from '../../server/core/clock/clock.ts';
import { Journal } from '../../server/core/journal/journal.ts';
import { Rules } from '../../server/core/rules/engine.ts';
import { Spaces } from '../../server/core/space/spaces.ts';
import { openStore } from '../../server/core/store/open.ts';
import type { World } from '../../server/core/world/world.ts';
import { beginYoung } from '../../server/heapGrowth.ts';
import { Connections } from '../../server/services/sds/connections.ts';
import { Directory } from '../../server/services/sds/directory/directory.ts';
import type { LdapHooks } from '../../server/services/sds/hooks.ts';
import { JournalledHooks } from '../../server/services/sds/journalled.ts';
import { loadLdif } from '../../server/services/sds/ldif/load.ts';
import { DEFAULT_SETTINGS } from '../../server/services/sds/settings.ts';
import { SpaceDirectory } from '../../server/services/sds/spaceDirectory.ts';

beginYoung();
const [ldif, journal] = process.argv.slice(2) as [string, string];
const clock = new Clock();
const entries = new Directory();
const began = performance.now();
const cpuBefore = process.cpuUsage();
const { warnings } = await loadLdif(entries, ldif, clock.now());
const loadSeconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
const loadCpuSeconds = (user + system) / 1e6;
for (const { line, message } of warnings.slice(0, 5)) console.error(`line ${line}: ${message}`);

const directory = new SpaceDirectory(entries, DEFAULT_SETTINGS, clock.now());
const world = { onChange: () => () => {} } as unknown as World;
const spaces = new Spaces({ clock, createWorld: () => world });
const log = pino({ level: 'warn' });
const journalled = new JournalledHooks(
  {
    spaces,
    log,
    rules: new Rules({ store: await openStore({ engine: 'memory' }) }),
    journal: new Journal({ maxEntries: 10_000, maxTotalBytes: 32 << 20, maxBodyBytes: 64 << 10 }),
  },
  () => directory,
);
const silent: LdapHooks = { open: () => ({ directory, end: () => {} }), undecodable: () => {} };
const onFault = (error: unknown) => console.error(error);
const connections = new Connections({ hooks: journal === 'on' ? journalled : silent, onFault });
const server = createServer({ noDelay: true }, (socket) => connections.accept(socket, { secure: false }));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.send!({ port, entries: entries.size, loadSeconds, loadCpuSeconds, rss: process.memoryUsage().rss });
});

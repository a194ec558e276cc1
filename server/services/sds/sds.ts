/** The directory service: wires world, directory, exchanges and connections. */
import type { Socket } from 'node:net';
import type { ExchangeContext } from '../../core/exchange/exchange.ts';
import type { Space } from '../../core/space/space.ts';
import type { ConnectionOptions } from './connection.ts';
import { Connections } from './connections.ts';
import type { Directory } from './directory/directory.ts';
import { JournalledHooks } from './journalled.ts';
import { projectWorld, SHOWN_KINDS } from './projection/project.ts';
import type { WorldSource } from './projection/source.ts';
import type { ConnectionFacts } from './session.ts';
import { DEFAULT_SETTINGS, type SdsSettings } from './settings.ts';
import { SpaceDirectory } from './spaceDirectory.ts';

export interface Sds {
  /** Serves LDAP on a socket; with `startTls` TLS can be turned on later. */
  accept(socket: Socket, facts: ConnectionFacts, startTls?: ConnectionOptions['startTls']): void;
  /** The directory of a space, built on first use. */
  directoryOf(space: Space): SpaceDirectory;
  readonly connections: number;
  /** Ends connections that take too long; done every few seconds by itself. `now` as performance.now() gives it. */
  sweep(now: number): void;
  close(): void;
}

/** True where a world differs from its seed in nothing that the directory shows. */
const isSeed = (world: WorldSource) => SHOWN_KINDS.every((kind) => [...world[kind].changes()].length === 0);

/**
 * Builds the default space's directory at once; other spaces' when a client first needs them. The entries `beneath` are in each of
 * them, but where the world has a record of that name.
 */
export function createSds(context: ExchangeContext, settings: Partial<SdsSettings> = {}, beneath?: Directory): Sds {
  const all = { ...DEFAULT_SETTINGS, ...settings };
  const directories = new WeakMap<Space, SpaceDirectory>();
  const onFault = (error: unknown) => context.log.error({ err: error, service: 'sds' }, 'the directory failed');

  /** Entries of the seed, which all spaces show that changed nothing; their worlds share one seed too. */
  let seeded: Directory | undefined;

  function directoryOf(space: Space): SpaceDirectory {
    let directory = directories.get(space);
    if (!directory) {
      const { world, clock } = space;
      const now = () => clock.now();
      const shared = isSeed(world);
      const entries = shared && seeded ? seeded : projectWorld(world, now(), beneath);
      if (shared) seeded = entries;
      directory = new SpaceDirectory(entries, all, now());
      directory.follow(world, { shared, beneath, now, onFault });
      directories.set(space, directory);
    }
    return directory;
  }

  const hooks = new JournalledHooks(context, directoryOf);
  const connections = new Connections({ hooks, onFault });
  directoryOf(context.spaces.default);
  return {
    accept: (socket, facts, startTls) => connections.accept(socket, facts, startTls),
    directoryOf,
    get connections() {
      return connections.size;
    },
    sweep: (now) => connections.sweep(now),
    close: () => connections.close(),
  };
}

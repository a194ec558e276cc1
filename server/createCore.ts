/** The core: clock, store, world, PKI, journal, rules and what else services share, in the order in which one needs the other. */

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { HOSTS } from './config/hosts.ts';
import { ConfigError } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { Cards } from './core/cards/cards.ts';
import { Clock, machineNow } from './core/clock/clock.ts';
import { londonDay } from './core/clock/london.ts';
import { Conformance } from './core/conformance/conformance.ts';
import type { Core } from './core/core.ts';
import { Deliveries } from './core/deliveries/deliveries.ts';
import { Ids } from './core/ids/ids.ts';
import { SpineMessages } from './core/interactions/outgoing.ts';
import { P1r1Registry } from './core/interactions/p1r1.ts';
import { InteractionRegistry } from './core/interactions/registry.ts';
import { Archive, type ArchiveLimits } from './core/journal/archive/archive.ts';
import { Journal } from './core/journal/journal.ts';
import { Mask } from './core/journal/mask.ts';
import { Verifications } from './core/journal/verifications.ts';
import { Metrics } from './core/metrics/metrics.ts';
import { Outbound } from './core/outbound/outbound.ts';
import { openPki } from './core/pki/pki.ts';
import { Policy, PolicyError } from './core/policy/policy.ts';
import { Rules } from './core/rules/engine.ts';
import { TestData } from './core/rules/namedErrors.ts';
import { Sessions } from './core/sessions/sessions.ts';
import { SpaceKeeping } from './core/space/keeping.ts';
import { DEFAULT_SPACE } from './core/space/space.ts';
import { Spaces } from './core/space/spaces.ts';
import { openStore } from './core/store/open.ts';
import { StoreError } from './core/store/storeError.ts';
import { Population } from './core/world/population/population.ts';
import { loadSeed, SHIPPED_WORLD } from './core/world/seed/load.ts';
import { storePersistence } from './core/world/storePersistence.ts';
import { World } from './core/world/world.ts';

import { NAMED_ERRORS, RULE_CHECKS } from './namedErrors.ts';

/** What must be closed again, the last first. */
export type Closers = (() => Promise<unknown> | unknown)[];

/** Opens or makes every part. What was opened is in `closers`, also when a later part fails. */
export async function createCore(config: Config, log: Logger, closers: Closers): Promise<Core> {
  const policy = createPolicy(config);
  const dataDir = resolve(config.dataDir);
  if (config.store === 'file') await makeDataDir(dataDir);
  const store = await openStore(config.store === 'file' ? { engine: 'file', dataDir } : { engine: 'memory' });
  closers.push(() => store.close());

  const clock = new Clock();
  const today = londonDay(clock.now());
  const keeping = new SpaceKeeping(store);
  // Before the PKI is opened: what it issues counts from the simulated time.
  clock.take((await keeping.clock(DEFAULT_SPACE)) ?? {});
  const stubs = stubsFolder(config);
  const directories = [SHIPPED_WORLD];
  const own = join(stubs, 'world');
  if (existsSync(own) && resolve(own) !== resolve(SHIPPED_WORLD)) directories.push(own);
  const [seed, pki] = await Promise.all([
    loadSeed({ today, directories }),
    openPki({
      dir: config.store === 'file' ? join(dataDir, 'pki') : undefined,
      now: () => clock.now(),
      machineNow,
      hosts: HOSTS.map((host) => host.name.replace(/^\[(.*)\]$/, '$1')),
      keyType: config.store === 'file' ? 'rsa' : 'ec',
      log,
    }),
  ]);
  const population = await Population.open(config.store === 'file' ? dataDir : undefined);
  closers.push(() => population.close());
  const persistence = storePersistence(store);
  const spaces = new Spaces({
    clock,
    seed: config.seed,
    createWorld: (space, clock) => new World({ seed, space, clock, persistence, population }),
    keeping,
    failed: (error) => log.error({ err: error }, 'how far the ids of a space came could not be kept'),
  });
  closers.push(() => spaces.close());
  await spaces.open(await store.spaces());

  const { mask, maskNames } = config.journal;
  const names = maskNames.split(',').flatMap((name) => name.trim() || []);
  const masker = new Mask(names);
  const journal = new Journal(config.journal, mask === 'secrets' ? masker : undefined);
  const { maxFileEntries: maxEntries, maxFileBytes: maxBytes } = config.journal;
  if (config.store === 'file' && maxEntries > 0) {
    const archive = await openArchive(join(dataDir, 'journal'), { maxEntries, maxBytes }, log);
    journal.attach(archive);
    closers.push(() => archive.close());
  }
  const rules = new Rules({
    store,
    checks: RULE_CHECKS,
    testData: config.testData ? new TestData(NAMED_ERRORS) : undefined,
    pseudonym: new Ids(config.seed && `${config.seed}/rules`).hex(8),
    folder: join(stubs, 'rules'),
    onRead: (problems, count) => {
      for (const problem of problems) log.error(problem, 'a rule file has a fault; its last good rules stay');
      if (count > 0) log.info({ rules: count }, 'rules read');
    },
  });
  await rules.start();
  closers.push(() => rules.close());
  const sessions = new Sessions({ store, spaces, settings: config.gas });
  await sessions.open();
  const context = { spaces, journal, rules, log };
  const outbound = new Outbound(context, pki, config.outbound);
  rules.sendBy(outbound, log);
  closers.push(() => outbound.close());
  closers.push(() => rules.callbacks.close());
  const deliveries = new Deliveries({ store, context, outbound });
  closers.push(() => deliveries.close());
  return {
    outbound,
    sessions,
    cards: new Cards(store, pki),
    policy,
    config,
    log,
    store,
    pki,
    spaces,
    population,
    journal,
    mask: masker,
    verifications: new Verifications(),
    rules,
    interactions: new InteractionRegistry(),
    p1r1: new P1r1Registry(),
    messages: new SpineMessages(),
    deliveries,
    metrics: new Metrics(journal),
    conformance: new Conformance(),
  };
}

function createPolicy(config: Config): Policy {
  try {
    return new Policy(config.policy);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ConfigError([{ where: 'policy.rules', message: error.message }]);
  }
}

async function openArchive(folder: string, limits: ArchiveLimits, log: Logger): Promise<Archive> {
  try {
    return await Archive.open(folder, limits, log);
  } catch (error) {
    throw new StoreError(`the journal in ${folder} can't be opened: ${(error as Error).message}`, error);
  }
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { message } = error as Error;
    throw new StoreError(
      `the data folder ${dataDir} can't be made (${message}); choose another with --data-dir`,
      error,
    );
  }
}

/** One that the user names must be there; without the one that is looked for by itself there are just no own stubs. */
export function stubsFolder({ stubsDir }: Config): string {
  const folder = resolve(stubsDir ?? 'stubs');
  if (stubsDir !== undefined && !existsSync(folder)) {
    throw new ConfigError([{ where: 'stubsDir', message: `there is no folder ${folder}` }]);
  }
  return folder;
}

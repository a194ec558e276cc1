/**
 * With the file engine nothing that was acknowledged is lost, and nothing is there by half, when the process is killed at any
 * moment under load: every service at once, checked over the services' own protocols against the process that comes after.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { appointments, urgentCare } from './appointments.ts';
import * as environment from './environment.ts';
import type { Ledger } from './ledger.ts';
import { ebxml, mesh } from './messages.ts';
import { allocations, births, updates } from './patients.ts';
import { newUsers, sessions } from './people.ts';
import { type Running, spawnSpine, startProcess } from './process.ts';

const ROUNDS = 3;
/** It is killed at a moment between these, in milliseconds under load. */
const SOONEST = 700;
const LATEST = 2_500;
/** Pieces of work of one kind in one round, so that checking them takes seconds. */
const MOST_A_ROUND = 14;

const FLAGS = ['--seed', 'proof', '--sds-writes', 'true'];

const LEDGERS: Ledger[] = [
  sessions('default'),
  sessions('team-a'),
  newUsers('team-b'),
  updates('team-a'),
  updates('default'),
  allocations('team-a'),
  allocations('default'),
  births('team-b'),
  ebxml(),
  mesh(),
  appointments(),
  urgentCare(),
  environment.directory(),
  environment.endpoints('team-a'),
  environment.world('team-b'),
  environment.rules('team-a'),
  environment.scenarios('team-a'),
  environment.clocks(),
  environment.counts(),
  environment.callbacks(),
  environment.policies(),
  environment.tls(),
  environment.certificates(),
];

/** Broken connections end a client's work; anything else is a fault of the test. */
const isBroken = (error: Error & { cause?: unknown }): boolean =>
  /ECONN|EPIPE|socket hang up|fetch failed|terminated|aborted|closed|timed? ?out|Connection|TLS/i.test(
    `${error.message} ${String(error.cause ?? '')}`,
  );

t.test('what was acknowledged is there after kill -9', { timeout: 120_000 }, async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'persistence-'));
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));
  let running: Running = await startProcess(dataDir, FLAGS);
  t.teardown(() => running.kill());
  for (const ledger of LEDGERS) await ledger.begin?.(running);
  const next = new Map(LEDGERS.map((ledger) => [ledger, 0]));

  for (let round = 0; round < ROUNDS; round++) {
    let killed = false;
    const refused: string[] = [];
    const work = async (ledger: Ledger) => {
      for (let n = 0; n < MOST_A_ROUND && !killed; n++) {
        const own = next.get(ledger)!;
        next.set(ledger, own + 1);
        await ledger.work(running, own);
      }
    };
    const clients = LEDGERS.map((ledger) =>
      work(ledger).catch((error: Error) => {
        if (!killed || !isBroken(error)) refused.push(`${ledger.name}: ${error.message}`);
      }),
    );
    while (round === 0 && refused.length === 0 && LEDGERS.some((ledger) => ledger.count() === 0)) await wait(50);
    await wait(SOONEST + Math.random() * (LATEST - SOONEST));
    killed = true;
    await running.kill();
    await Promise.all(clients);
    t.same(refused, [], `round ${round}: nothing was refused`);
    t.equal(running.errors(), '', `round ${round}: nothing was wrong in its own view`);
    // Killed while it starts, too: what it finds then is what was left.
    const early = spawnSpine(dataDir, FLAGS);
    await wait(Math.random() * 1_200);
    await early.kill();
    running = await startProcess(dataDir, FLAGS);
  }

  const checked = await Promise.all(
    LEDGERS.map(async (ledger) => ({ ledger, acknowledged: ledger.count(), faults: await ledger.faults(running) })),
  );
  for (const { ledger, acknowledged, faults } of checked) {
    t.ok(acknowledged > 0, `${ledger.name}: ${acknowledged} acknowledged`);
    t.same(faults, [], `${ledger.name}: all of it is there`);
  }
  t.equal(running.errors(), '');
});

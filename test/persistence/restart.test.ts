/** What a restart must not change although nothing is stored as a record: time, sequences of ids, the days of the seed. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { type Overrides, startSpine } from '../helper.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'restart-'));
t.teardown(() => rmSync(dataDir, { recursive: true, force: true }));

const inSpace = (name: string) => ({ 'X-Spine-Sim-Space': name });

/** One run of the simulator over the data folder, ended before the next begins. */
async function run(work: (spine: Awaited<ReturnType<typeof startSpine>>) => Promise<void>, more: Overrides = {}) {
  const closers: (() => Promise<void>)[] = [];
  const spine = await startSpine(
    { teardown: (close) => void closers.push(close) },
    { store: 'file', dataDir, ...more },
  );
  try {
    await work(spine);
  } finally {
    for (const close of closers) await close();
  }
}

/** Some of them were born so many days before the one on which the space began. */
const PATIENTS = '/api/patients?limit=1000';

t.test('clocks stay as they were set, and TLS, tickets and patients with them', async (t) => {
  let before: unknown;
  await run(async (spine) => {
    before = (await spine.admin('GET', PATIENTS)).body;
    await spine.admin('PUT', '/api/clock', { advance: 'P400D' });
    await spine.admin('PUT', '/api/clock', { now: '2031-05-01T09:00:00Z', frozen: true }, inSpace('still'));
    await spine.admin('PUT', '/api/clock', { advance: 'PT1H' }, inSpace('ahead'));
  });
  await run(async (spine) => {
    const clock = async (space: string) => (await spine.admin('GET', '/api/clock', undefined, inSpace(space))).body;
    const day = 86_400_000;
    const offset = (await clock('default')).offsetMs;
    t.ok(Math.abs(offset - 400 * day) < day / 24, `${offset} ms ahead`);
    t.match(await clock('still'), { now: '2031-05-01T09:00:00.000Z', frozen: true });
    t.ok(Math.abs((await clock('ahead')).offsetMs - offset - 3_600_000) < 1_000, 'the others follow the default clock');
    t.same((await spine.admin('GET', PATIENTS)).body, before, 'the patients are as old as they were');
    t.equal((await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/healthcheck' })).status, 200, 'TLS is in date');
    await spine.admin('PUT', '/api/clock', { reset: true });
  });
  await run(async (spine) => {
    const { offsetMs } = (await spine.admin('GET', '/api/clock')).body;
    t.ok(Math.abs(offsetMs) < 1_000, 'a reset clock stays reset');
  });
});

t.test(
  'a clock far from today does not keep the next process from starting, nor clients from trusting it',
  async (t) => {
    for (const now of ['2019-06-01T09:00:00Z', '9800-01-01T00:00:00Z']) {
      await run(async (spine) => {
        t.equal((await spine.admin('PUT', '/api/clock', { now, frozen: true })).status, 200);
      });
      await run(async (spine) => {
        t.match((await spine.admin('GET', '/api/clock')).body, { frozen: true, now: now.replace('Z', '.000Z') });
        t.equal((await spine.ask('msg.dev.spine2.ncrs.nhs.uk', { path: '/healthcheck' })).status, 200, now);
        await spine.admin('POST', '/api/reset');
      });
    }
  },
);

t.test('a callback that waits is sent once by the process that comes after, and goes with its space', async (t) => {
  const heard: string[] = [];
  const partner = createServer((request, response) => {
    heard.push(request.url!);
    response.end();
  });
  partner.listen(0, '127.0.0.1');
  await once(partner, 'listening');
  t.teardown(() => partner.close());
  const to = `http://127.0.0.1:${(partner.address() as AddressInfo).port}`;
  const GAS = 'gas.vn03.national.ncrs.nhs.uk';
  await run(async (spine) => {
    for (const space of ['kept', 'gone', 'default']) {
      const rule = { when: { service: 'gas' }, do: { callback: { to: `${to}/${space}`, delay: 3_600_000 } } };
      t.equal((await spine.admin('PUT', '/api/rules/later', rule, inSpace(space))).status, 200);
      await spine.ask(GAS, { path: '/login/dtd', headers: inSpace(space) });
    }
    await spine.admin('DELETE', '/api/spaces/gone');
  });
  await run(async (spine) => {
    t.same(heard, [], 'it is not due yet');
    for (const space of ['kept', 'gone']) await spine.admin('PUT', '/api/clock', { advance: 'PT1H' }, inSpace(space));
    const wanted = { operation: 'callback', atLeast: 1, within: '5s' };
    t.match((await spine.admin('POST', '/api/verify', wanted, inSpace('kept'))).body, { satisfied: true });
    await spine.admin('POST', '/api/reset', undefined, inSpace('default'));
    await spine.admin('PUT', '/api/clock', { advance: 'PT2H' });
  });
  await run(async (spine) => {
    await spine.admin('PUT', '/api/clock', { reset: true });
    t.same(heard, ['/kept'], 'none of a space that was forgotten, none twice');
  });
});

t.test('a seeded sequence of ids goes on, and begins again after a reset', async (t) => {
  const given: string[] = [];
  const draw = (spine: Awaited<ReturnType<typeof startSpine>>) => {
    for (const name of ['default', 'drawn']) {
      const { ids } = spine.environment.core.spaces.get(name);
      for (let n = 0; n < 200; n++) given.push(ids.uuid());
    }
  };
  const seeded = { seed: 'restart' } as Overrides;
  await run(async (spine) => draw(spine), seeded);
  await run(async (spine) => draw(spine), seeded);
  t.equal(new Set(given).size, given.length, 'none comes twice');
  await run(async (spine) => {
    const { body: saved } = await spine.admin('GET', '/api/snapshot', undefined, inSpace('drawn'));
    t.equal((await spine.admin('PUT', '/api/snapshot', saved, inSpace('drawn'))).status, 200);
    t.notOk(given.includes(spine.environment.core.spaces.get('drawn').ids.uuid()), 'nor after a snapshot was put back');
  }, seeded);
  await run(async (spine) => {
    await spine.admin('POST', '/api/reset');
    const again = spine.environment.core.spaces.get('drawn').ids.uuid();
    t.equal(again, given[200], 'the sequence begins again');
  }, seeded);
});

t.test('what was changed for all spaces stays, as far as the settings still allow it', async (t) => {
  await run(async (spine) => {
    await spine.admin('PUT', '/api/tls/profiles/mine', { extends: 'tls13-only' });
    await spine.admin('PUT', '/api/tls/hosts/gas.vn03.national.ncrs.nhs.uk', { profile: 'mine' });
    await spine.admin('PATCH', '/api/policy/series-4', { enabled: false });
  });
  await run(async (spine) => {
    const { hosts } = (await spine.admin('GET', '/api/tls')).body;
    const gas = hosts.find(({ host }: { host: string }) => host === 'gas.vn03.national.ncrs.nhs.uk');
    t.match(gas, { profile: 'mine', reason: 'host' });
    const { rules } = (await spine.admin('GET', '/api/policy')).body;
    t.equal(rules.find(({ id }: { id: string }) => id === 'series-4').enabled, false);
    t.equal((await spine.admin('POST', '/api/reset')).status, 200);
  });
  await run(async (spine) => {
    const { hosts } = (await spine.admin('GET', '/api/tls')).body;
    t.notOk(
      hosts.some(({ reason }: { reason: string }) => reason === 'host'),
      'a reset takes it back for good',
    );
  });
});

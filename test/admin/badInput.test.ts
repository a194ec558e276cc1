import t from 'tap';
import { startSpine } from '../helper.ts';

t.test('the admin API takes bad input for what it is', async (t) => {
  const spine = await startSpine(t);
  const host = 'crl.nhs.uk';
  const alive = async () => (await spine.ask(host, { path: '/ca.pem' })).status;

  t.test('times that no message could carry are refused and change nothing', async (t) => {
    const bad = [
      { now: '+300000-01-01T00:00:00Z' },
      { now: '9999-12-31T23:59:59Z' },
      { now: '0001-01-01' },
      { now: '2025-02-30' },
      { now: '5' },
      { now: '' },
      { now: '2025-05-26', advance: 'P99999999D' },
      { advance: `P${'9'.repeat(400)}D` },
      { frozen: true, advance: '-P99999999W' },
      { frozen: 'perhaps' },
      { wen: '2025-05-26' },
      [],
      null,
    ];
    const before = (await spine.admin('GET', '/api/clock')).body;
    for (const change of bad) {
      const { status, body } = await spine.admin('PUT', '/api/clock', change);
      t.equal(status, 400, JSON.stringify(change).slice(0, 60));
      t.ok(body.message, body.message);
    }
    const after = (await spine.admin('GET', '/api/clock')).body;
    t.equal(after.frozen, false);
    t.ok(Math.abs(after.offsetMs - before.offsetMs) < 1_000);
    t.equal(await alive(), 200);
  });

  t.test('a time without a zone is UTC', async (t) => {
    const own = { 'X-Spine-Sim-Space': 'zone' };
    const { body } = await spine.admin('PUT', '/api/clock', { now: '2025-07-01T09:00', frozen: true }, own);
    t.equal(body.now, '2025-07-01T09:00:00.000Z');
  });

  t.test('the ends of simulated time leave everything working', async (t) => {
    for (const now of ['1900-01-01', '9900-01-01']) {
      t.equal((await spine.admin('PUT', '/api/clock', { now })).status, 200);
      t.equal(await alive(), 200, now);
      t.equal((await spine.admin('PUT', '/api/clock', { reset: true })).status, 200);
    }
    t.equal(await alive(), 200);
  });
});

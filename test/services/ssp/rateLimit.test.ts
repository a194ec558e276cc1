/** How many calls a consumer has. */
import t from 'tap';
import { RateLimit } from '../../../server/services/ssp/rateLimit.ts';
import { startSpine } from '../../helper.ts';
import { CONSUMER, lastEntry, ROOT, through } from './consumer.ts';

t.test('calls beyond the limit are answered with 429, and the headers say when to come again', async (t) => {
  const spine = await startSpine(t, { ssp: { rateLimit: 2, rateWindowSeconds: 60 } });
  const url = `${ROOT}/metadata`;
  await spine.admin('PUT', '/api/clock', { now: '2030-05-28T10:00:00.000Z' });
  const first = await through(spine, url);
  t.match(first.headers, {
    'x-rate-limit-limit': '2',
    'x-rate-limit-remaining': '1',
    'x-rate-limit-reset': /^(60|59)$/,
  });
  t.equal((await through(spine, url)).headers['x-rate-limit-remaining'], '0');
  const refused = await through(spine, url);
  t.equal(refused.status, 429);
  t.match(JSON.parse(refused.text).issue[0].details.coding, [{ code: '429', display: '429: Too Many Requests' }]);
  t.match(await lastEntry(spine), { error: { code: 'rate-limit' }, advice: /X-Rate-Limit-Reset/ });
  const other = await through(spine, url, { 'X-Spine-Sim-Space': 'team-b' });
  t.equal(other.headers['x-rate-limit-remaining'], '1', 'each space counts for itself');
  await spine.admin('PUT', '/api/clock', { now: '2030-05-28T10:02:00.000Z' });
  t.not((await through(spine, url)).status, 429, 'a new window');
});

t.test('counting', async (t) => {
  t.equal(new RateLimit(0, 60).take('a', 0), undefined, 'no limit unless set');
  const limit = new RateLimit(1, 60);
  t.match(limit.take(CONSUMER, 1000), { remaining: 0, reset: 60, exceeded: false });
  t.match(limit.take(CONSUMER, 31_000), { remaining: 0, reset: 30, exceeded: true });
  t.match(limit.take('another', 31_000), { exceeded: false });
  t.match(limit.take(CONSUMER, 61_000), { exceeded: false });
  t.match(limit.take(CONSUMER, -500_000), { exceeded: false }, 'a clock that was set back');
  for (let consumer = 0; consumer < 20_000; consumer++) limit.take(`c${consumer}`, 0);
  t.match(limit.take('c19999', 1), { exceeded: true }, 'the newest are kept');
});

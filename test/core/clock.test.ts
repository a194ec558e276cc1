import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { Clock } from '../../server/core/clock/clock.ts';
import { durationMs } from '../../server/core/clock/duration.ts';

const NOON = Date.parse('2025-05-26T12:00:00Z');

t.test('a clock follows the machine until it is set', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  t.ok(Math.abs(clock.now() - Date.now()) < 50);
  clock.set(NOON);
  t.equal(clock.iso().slice(0, 16), '2025-05-26T12:00');
  await wait(30);
  t.ok(clock.now() >= NOON + 25, 'it runs on from there');
  clock.advance(3_600_000);
  t.equal(clock.iso().slice(0, 13), '2025-05-26T13');
  clock.reset();
  t.ok(Math.abs(clock.now() - Date.now()) < 50);
});

t.test('a frozen clock stands still, can be moved, and runs on from where it stands', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  clock.set(NOON);
  clock.freeze();
  const stood = clock.now();
  await wait(20);
  t.equal(clock.now(), stood);
  clock.advance(1000);
  t.equal(clock.now(), stood + 1000);
  t.match(clock.state(), { frozen: true });
  clock.unfreeze();
  await wait(20);
  t.ok(clock.now() > stood + 1000 && clock.now() < stood + 2000);
});

t.test('timers fire in simulated time: at once when the clock passes them, in order, never when frozen', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  const fired: string[] = [];
  clock.freeze();
  clock.setTimer(2 * 3_600_000, () => fired.push('late'));
  clock.setTimer(3_600_000, () => fired.push('early'));
  clock.setTimer(3_600_000, () => fired.push('cancelled')).cancel();
  await wait(20);
  t.same(fired, []);
  clock.advance(10 * 3_600_000);
  t.same(fired, ['early', 'late']);
  clock.unfreeze();
  clock.setTimer(15, () => fired.push('real'));
  await wait(60);
  t.same(fired, ['early', 'late', 'real']);
});

t.test("a space's clock follows the default clock until it is set itself", async (t) => {
  const main = new Clock();
  const own = new Clock(main);
  t.teardown(() => main.close());
  let fired = 0;
  main.set(NOON);
  own.setTimer(3_600_000, () => fired++);
  main.advance(1);
  t.equal(own.iso().slice(0, 16), '2025-05-26T12:00');
  own.set(NOON + 86_400_000);
  t.equal(fired, 1);
  t.equal(main.iso().slice(0, 10), '2025-05-26', 'the default clock is untouched');
  main.advance(3_600_000);
  t.equal(own.iso().slice(0, 13), '2025-05-27T13', 'an offset goes with it');
});

t.test('a clock that follows a frozen one stands still, says so, and does not spin', async (t) => {
  const main = new Clock();
  const own = new Clock(main);
  t.teardown(() => main.close());
  t.teardown(() => own.close());
  let fired = false;
  main.freeze();
  t.equal(own.state().frozen, true);
  own.setTimer(2, () => {
    fired = true;
  });
  const before = process.cpuUsage();
  await wait(150);
  const { user, system } = process.cpuUsage(before);
  t.notOk(fired);
  t.ok(user + system < 50_000, `${user + system} us of CPU while nothing can happen`);
  main.unfreeze();
  await wait(30);
  t.ok(fired);
});

t.test('a timer without delay fires in a frozen clock too', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  clock.freeze();
  let fired = false;
  clock.setTimer(0, () => {
    fired = true;
  });
  await wait(20);
  t.ok(fired);
});

t.test('a time that no message could carry is refused, however it is reached', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  const before = clock.iso();
  for (const time of [Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(9999, 0), Date.UTC(1000, 0), 8.64e15])
    t.throws(() => clock.set(time), RangeError);
  t.throws(() => clock.advance(1e300), RangeError);
  t.equal(clock.iso().slice(0, 16), before.slice(0, 16), 'nothing has changed');
  const own = new Clock(clock);
  own.set(Date.UTC(9899, 0));
  clock.set(Date.UTC(9899, 0));
  t.match(own.iso(), /^9900-01-01/, 'offsets that add up stay within the limits');
  own.close();
});

t.test('a timer that throws does not keep the others from firing', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  const raised: string[] = [];
  const heard = (error: Error) => raised.push(error.message);
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', heard);
  clock.setTimer(1_000, () => {
    throw new Error('broken timer');
  });
  let fired = false;
  clock.setTimer(2_000, () => {
    fired = true;
  });
  clock.advance(5_000);
  t.ok(fired);
  await wait(10);
  for (const listener of listeners) process.on('uncaughtException', listener);
  t.same(raised, ['broken timer'], 'it is told where faults of the process are told');
});

t.test('many timers cost what they cost, not more with each', async (t) => {
  const clock = new Clock();
  t.teardown(() => clock.close());
  clock.freeze();
  const began = performance.now();
  for (let n = 0; n < 20_000; n++) clock.setTimer(60_000 + n, () => {});
  t.ok(performance.now() - began < 5_000, `${Math.round(performance.now() - began)} ms`);
});

t.test('durations of contract properties and the admin API', async (t) => {
  const good: [string, number][] = [
    ['PT1M', 60_000],
    ['PT2H30M', 9_000_000],
    ['P10D', 864_000_000],
    ['P1W', 604_800_000],
    ['PT0.5S', 500],
    ['-PT1M', -60_000],
  ];
  for (const [text, milliseconds] of good) t.equal(durationMs(text), milliseconds, text);
  for (const text of ['', 'P', 'PT', '1M', 'PT1X', 'P1Y', '60']) t.equal(durationMs(text), undefined, text);
});

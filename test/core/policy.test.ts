import t from 'tap';
import { londonDate } from '../../server/core/clock/london.ts';
import { isInForce } from '../../server/core/policy/calendar.ts';
import { Policy } from '../../server/core/policy/policy.ts';
import type { PolicyRule } from '../../server/core/policy/rule.ts';
import { TIMELINE } from '../../server/core/policy/timeline.ts';

const GAS = { host: 'gas.vn03.national.ncrs.nhs.uk', role: 'gas', environment: 'DEV' };
const at = (text: string): number => Date.parse(text);
const rule = (fields: Partial<PolicyRule>): PolicyRule => ({
  id: 'x',
  kind: 'notice',
  title: 'x',
  source: 'settings',
  enabled: true,
  ...fields,
});
const holds = (fields: Partial<PolicyRule>, time: string): boolean => isInForce(rule(fields), londonDate(at(time)));

t.test('London time is summer time from the last Sunday of March to that of October', async (t) => {
  const cases: [utc: string, london: string][] = [
    ['2025-01-15T12:00:00Z', '2025-01-15T12:00'],
    ['2025-03-30T00:59:59Z', '2025-03-30T00:59'],
    ['2025-03-30T01:00:00Z', '2025-03-30T02:00'],
    ['2025-10-26T00:59:00Z', '2025-10-26T01:59'],
    ['2025-10-26T01:00:00Z', '2025-10-26T01:00'],
    ['2026-12-31T23:30:00Z', '2026-12-31T23:30'],
  ];
  const format = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/London', dateStyle: 'short', timeStyle: 'short' });
  for (const [utc, london] of cases) {
    t.equal(londonDate(at(utc)).toISOString().slice(0, 16), london);
    t.equal(format.format(at(utc)).replace(' ', 'T'), london, 'as the platform knows it');
  }
});

t.test('a rule begins with the first second of its date in London, and ends before that of its end', async (t) => {
  const dates = { from: '2025-05-27', until: '2025-06-01T08:00' };
  t.notOk(holds(dates, '2025-05-26T22:59:59Z'));
  t.ok(holds(dates, '2025-05-26T23:00:00Z'));
  t.ok(holds(dates, '2025-06-01T06:59:59Z'));
  t.notOk(holds(dates, '2025-06-01T07:00:00Z'));
  const windows = { windows: [{ from: '2025-07-15T10:00', until: '2025-07-15T12:00' }] };
  t.notOk(holds(windows, '2025-07-15T08:59:00Z'));
  t.ok(holds(windows, '2025-07-15T09:00:00Z'));
  t.notOk(holds(windows, '2025-07-15T11:00:00Z'));
});

t.test('a weekly slot goes over midnight and over Sunday, in chosen weeks only if there are any', async (t) => {
  const cis = { weekly: 'Mon 20:00 - Tue 06:00' };
  // 20 July 2026 is a Monday.
  t.notOk(holds(cis, '2026-07-20T18:59:00Z'));
  t.ok(holds(cis, '2026-07-20T19:00:00Z'));
  t.ok(holds(cis, '2026-07-21T04:59:00Z'));
  t.notOk(holds(cis, '2026-07-21T05:00:00Z'));
  const ers = { weekly: 'Thu 20:00 - Mon 06:00', weeks: ['2026-07-21'] };
  t.ok(holds(ers, '2026-07-23T20:00:00Z'));
  t.ok(holds(ers, '2026-07-26T23:00:00Z'), 'Monday of the week after, in the slot of the week before');
  t.notOk(holds(ers, '2026-07-27T05:00:00Z'));
  t.notOk(holds(ers, '2026-07-30T20:00:00Z'));
  t.notOk(holds({ weekly: 'Thu 20:00 - Mon 06:00', weeks: [] }, '2026-07-23T20:00:00Z'));
});

t.test('GAS has TLS 1.0 until 26 May 2025, then its default profile', async (t) => {
  const policy = new Policy({ rules: {} });
  t.match(policy.tlsProfile(GAS, at('2025-05-26')), { profile: 'legacy-tls10', rule: { id: 'cis-tls12' } });
  t.match(policy.tlsProfile(GAS, at('2025-05-27')), { profile: undefined, rule: { id: 'cis-tls12' } });
  t.equal(policy.tlsProfile({ role: 'msg', environment: 'DEV' }, at('2025-05-26')), undefined);
});

t.test('card series are blocked one after the other', async (t) => {
  const policy = new Policy({ rules: {} });
  const refused = (time: string) => [4, 5, 6, 8, 9].filter((series) => policy.refusesCard(series, GAS, at(time)));
  t.same(refused('2026-03-31'), []);
  t.same(refused('2026-04-01'), [4]);
  t.same(refused('2026-05-06'), [4]);
  t.same(refused('2026-05-07'), [4, 5, 6]);
});

t.test('old agents are blocked in intervals, then for good; the version decides, number by number', async (t) => {
  const policy = new Policy({ rules: {} });
  const refuses = (version: string, time: string) => policy.refusesAgent(version, GAS, at(time))?.id;
  t.equal(refuses('2.3.2.0', '2025-07-15T08:00:00Z'), undefined);
  t.equal(refuses('2.3.2.0', '2025-07-15T09:30:00Z'), 'agent-brownouts');
  t.equal(refuses('2.3.2.0', '2025-07-16T09:30:00Z'), undefined);
  t.equal(refuses('2.3.2.0', '2025-09-01'), 'agent-unsupported');
  const now = '2026-01-01';
  for (const version of ['2.4.5.0', '2.4.5', '2.4.6.0', '2.10', '3', 'unknown', '', '2.x'])
    t.equal(refuses(version, now), undefined, version);
  for (const version of ['2.4.4.99', '2.4', '2', '1.9.9.9', '2.1.2.16']) t.ok(refuses(version, now), version);
  t.equal(policy.refusesAgent('2.3.2.0', { role: 'msg' }, at(now)), undefined);
});

t.test('maintenance and the end of DEV wait to be switched on', async (t) => {
  const monday = at('2026-07-20T20:00:00Z');
  t.equal(new Policy({ rules: {} }).unavailable(GAS, monday), undefined);
  t.notOk(new Policy({ rules: {} }).has('unavailable'));
  const policy = new Policy({ rules: { 'maintenance-cis': { enabled: true } } });
  t.equal(policy.unavailable(GAS, monday)?.id, 'maintenance-cis');
  t.equal(policy.unavailable({ ...GAS, environment: 'INT' }, monday), undefined);
  const ers = new Policy({ rules: { 'maintenance-ers-dev1': { enabled: true, weeks: ['2026-07-20'] } } });
  const host = (name: string) => ers.unavailable({ host: name, role: 'ers', environment: 'DEV' }, monday)?.id;
  t.equal(host('api.dev1.ers.ncrs.nhs.uk'), 'maintenance-ers-dev1');
  t.equal(host('api.dev3.ers.ncrs.nhs.uk'), undefined);
  t.equal(host('evildev1.ers.ncrs.nhs.uk'), undefined);
});

t.test('settings change dates, switch rules off, add new ones, and fix the date', async (t) => {
  const later = new Policy({ rules: { 'cis-tls12': { from: '2030-01-01' } } });
  t.match(later.tlsProfile(GAS, at('2029-12-31')), { profile: 'legacy-tls10' });
  const off = new Policy({ rules: { 'cis-tls12': { enabled: false }, 'series-4': { enabled: false } } });
  t.equal(off.tlsProfile(GAS, at('2025-05-26')), undefined);
  t.equal(off.refusesCard(4, GAS, at('2027-01-01')), undefined);
  const own = new Policy({
    rules: { mine: { kind: 'tls', roles: ['msg'], from: '2027-01-01', profile: 'tls13-only' } },
  });
  t.equal(own.tlsProfile({ role: 'msg' }, at('2026-12-31')), undefined);
  t.match(own.tlsProfile({ role: 'msg' }, at('2027-01-01')), { profile: 'tls13-only', rule: { source: 'settings' } });
  const fixed = new Policy({ date: '2025-05-26', rules: {} });
  t.match(fixed.tlsProfile(GAS, at('2031-01-01')), { profile: 'legacy-tls10' });
  t.equal(fixed.refusesCard(4, GAS, at('2031-01-01')), undefined);
});

t.test('a rule that can’t be is told, a change is taken back', async (t) => {
  t.throws(() => new Policy({ rules: { unheard: { enabled: true } } }), { message: /needs a kind/ });
  t.throws(() => new Policy({ rules: { unheard: { kind: 'card-series' } } }), { message: /needs series/ });
  const policy = new Policy({ rules: { 'series-4': { from: '2031-01-01' } } });
  policy.change('series-4', { from: '2020-01-01' });
  policy.change('mine', { kind: 'notice' });
  t.ok(policy.refusesCard(4, GAS, at('2026-01-01')));
  t.ok(policy.restore('series-4'));
  t.notOk(policy.refusesCard(4, GAS, at('2026-01-01')), 'as the settings have it, not the timeline');
  t.ok(policy.restore('mine'));
  t.notOk(policy.restore('mine'));
  policy.change('mine', { kind: 'notice' });
  policy.reset();
  t.same(
    policy.rules().map(({ id }) => id),
    TIMELINE.map(({ id }) => id),
  );
});

import t from 'tap';
import { openStore } from '../../server/core/store/open.ts';
import { answering, decides, facts, rulesOf, space } from './ruleTools.ts';

const XML = '<a><b>1</b></a>';

t.test('scenarios move from state to state, each space by itself', async (t) => {
  const store = await openStore({ engine: 'memory' });
  const rules = await rulesOf(
    [
      { name: 'first', when: { state: { order: 'started' } }, do: { answer: { body: '1' }, state: { order: 'paid' } } },
      { name: 'second', when: { state: { order: ['paid', 'sent'] } }, do: { state: { order: 'sent', other: 'x' } } },
    ],
    { store },
  );
  t.match(await rules.evaluate(space(), facts()), { rule: 'first', states: ['order: started to paid'] });
  t.match(await rules.evaluate(space(), facts()), {
    rule: 'second',
    states: ['order: paid to sent', 'other: started to x'],
  });
  t.equal(await decides(rules), 'second');
  t.same(await rules.scenarios('default'), [
    { name: 'order', state: 'sent' },
    { name: 'other', state: 'x' },
  ]);
  for (const rule of await rules.list('default')) await rules.put('team-a', rule.definition);
  t.equal(await decides(rules, facts(), space('team-a')), 'first', 'another space has states of its own');
  rules.forget();
  t.equal(await decides(rules), 'second', 'states are stored');
  await rules.setScenario('default', 'order', 'started');
  t.equal(await decides(rules), 'first');
  await rules.resetScenarios('default');
  t.same(
    (await rules.scenarios('default')).map(({ state }) => state),
    ['started', 'started'],
  );
  await rules.setScenario('default', 'order', 'lost');
  t.match(await rules.nearMisses(space(), facts(), { limit: 1, all: true }), [
    { reason: 'state order: expected "started", was "lost"' },
  ]);
});

t.test('of exchanges at the same time one alone moves a scenario', async (t) => {
  const when = { state: { order: 'started' }, xpath: { '//b': '1' } };
  const rules = await rulesOf([{ name: 'once', when, do: { answer: { body: '1' }, state: { order: 'done' } } }]);
  const given = () => facts({ bodyText: () => XML });
  const decided = await Promise.all(Array.from({ length: 10 }, () => decides(rules, given())));
  t.equal(decided.filter((name) => name === 'once').length, 1);
});

t.test('rules ask for the space and for simulated time', async (t) => {
  const rules = await rulesOf([
    answering('elsewhere', { space: { startsWith: 'team-' } }),
    answering('night', { time: { from: '22:00', to: '06:00' } }),
    answering('sunday-noon', { time: { days: ['sun'], from: '12:00', to: '13:00' } }),
    answering('christmas', { time: { after: '2026-12-24T18:00Z', before: '2026-12-27' } }),
  ]);
  const at = async (time: string) => {
    const where = space();
    where.clock.set(Date.parse(time));
    return decides(rules, facts(), where);
  };
  t.equal(await at('2026-03-01T09:00:00Z'), undefined);
  t.equal(await at('2026-03-01T12:59:59Z'), 'sunday-noon');
  t.equal(await at('2026-03-02T12:30:00Z'), undefined, 'a monday');
  t.equal(await at('2026-03-01T23:00:00Z'), 'night');
  t.equal(await at('2026-07-01T05:30:00Z'), undefined, 'half past six in London');
  t.equal(await at('2026-07-01T04:30:00Z'), 'night');
  t.equal(await at('2026-12-25T09:00:00Z'), 'christmas');
  t.equal(await at('2026-12-24T17:59:00Z'), undefined);
  const rulesOfTeam = await rulesOf([]);
  await rulesOfTeam.put('team-a', answering('elsewhere', { space: { startsWith: 'team-' } }));
  t.equal(await decides(rulesOfTeam, facts(), space('team-a')), 'elsewhere');
});

t.test('what can not work is refused with its place', async (t) => {
  const rules = await rulesOf([]);
  const problems = async (definition: object) =>
    (await rules.check({ name: 'x', ...definition })).map(({ path, message }) => `${path}: ${message}`);
  t.match(await problems({ when: { time: { after: 'soon' } }, do: { passOn: true } }), [/^when\.time: "soon" is not/]);
  t.match(await problems({ when: { time: { from: '25:00' } }, do: { passOn: true } }), [/^when\.time\.from/]);
  t.match(await problems({ do: { answer: { body: '' }, forward: 'https://a' } }), [/exclude each other/]);
  t.same(await problems({ do: { forward: 'https://a', set: [{ status: 202 }] } }), []);
  t.match(await problems({ do: { callback: [{ to: 'https://a/{{nobody}}' }] } }), [/^do\.callback\[0\]\.to: .*nobody/]);
  t.match(await problems({ do: { callback: { to: 'https://a', file: 'none.xml' } } }), [/^do\.callback\.file/]);
  t.match(await problems({ when: { nhsNumber: '1' }, do: { tls: 'x' } }), [/`nhsNumber` is not known in a handshake/]);
  t.match(await problems({ do: { tls: 'x', delay: 5 } }), [/exclude each other/]);
  t.match(await problems({ do: { state: { 'a b': 'c' } } }), [/^do\.state/]);
});

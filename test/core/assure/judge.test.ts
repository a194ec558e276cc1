import t from 'tap';
import type { SameField } from '../../../server/core/assure/definition.ts';
import { judge } from '../../../server/core/assure/judge.ts';
import { journalEntry } from '../journalEntries.ts';

/** As a test of load leaves them: every id once, but for those that are given. */
const exchanges = (count: number, repeated: Record<number, number> = {}) =>
  Array.from({ length: count }, (_, n) => {
    const id = String(repeated[n] ?? n);
    const content = Buffer.from(`${'x'.repeat(5_000)}${id.padStart(6, '0')}`);
    return journalEntry({
      ...{ seq: n + 1, service: 'messaging', identity: { messageId: id } },
      request: { body: { bytes: content.length, content } },
    });
  });

const again = (...fields: SameField[]) => ({
  ...{ name: 'again', group: 'own', title: 'Again', ask: 'Send it again.' },
  expect: [
    { what: 'a message', seen: { service: 'messaging' } },
    { what: 'the same again', seen: { service: 'messaging' }, same: { as: 1, fields } },
    { what: 'and another', seen: { service: 'messaging' } },
  ],
});

t.test('thousands of exchanges of which none comes twice are not compared in pairs', async (t) => {
  const many = exchanges(4_000);
  const began = performance.now();
  for (const fields of [['messageId'], ['body']] as SameField[][]) {
    const { verdict, reason, evidence } = judge(again(...fields), many, (entry) => entry);
    t.equal(verdict, 'not-handled');
    t.match(reason, /After that this was not seen: the same again/);
    t.match(evidence, [{ kind: 'seen' }, { kind: 'near' }]);
  }
  t.ok(performance.now() - began < 5_000, 'it took a minute');
});

t.test('the one that comes twice is found among them, with what must be behind it', async (t) => {
  const found = (repeated: Record<number, number>) => {
    const many = exchanges(4_000, repeated);
    const { verdict, evidence } = judge(again('messageId', 'body'), many, (entry) => entry);
    const seen = evidence.filter(({ kind }) => kind === 'seen');
    return [verdict, ...seen.map(({ id }) => many.find((entry) => entry.id === id)?.seq)];
  };
  t.same(found({ 3000: 2_000 }), ['handled', 2_001, 3_001, 3_002]);
  t.same(found({ 3999: 2_000 }), ['not-handled', 2_001, 4_000], 'nothing is behind it');
  t.same(
    found({ 3999: 1_000, 3500: 2_000 }),
    ['handled', 2_001, 3_501, 3_502],
    'a later beginning may be the right one',
  );
});

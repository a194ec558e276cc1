import t from 'tap';
import { toHl7Date, toIsoDate } from '../../../server/core/world/dates.ts';
import { checkDigit, isNhsNumber, nthNhsNumber } from '../../../server/core/world/nhsNumber.ts';
import { expandCopies } from '../../../server/core/world/seed/copies.ts';
import { parseInteractions } from '../../../server/core/world/seed/interactions.ts';

t.test('interaction lists in short notation', async (t) => {
  const names = (text: string) => parseInteractions(text).map(({ name }) => name);
  t.same(names('A_IN{1 2} B{X\n Y}_Z C'), ['A_IN1', 'A_IN2', 'BX_Z', 'BY_Z', 'C']);
  t.same(parseInteractions('X=1A000168'), [{ name: 'X', cpaId: '1A000168' }]);
  t.throws(() => parseInteractions('A{1 2'), /brace/);
  t.throws(() => parseInteractions('  '), /no interaction/);
});

t.test('dates count from today, in days, weeks, months and years', async (t) => {
  t.equal(toIsoDate('today', '2026-11-20'), '2026-11-20');
  t.equal(toIsoDate('today-1d', '2026-03-01'), '2026-02-28');
  t.equal(toIsoDate('today+2w', '2026-12-25'), '2027-01-08');
  t.equal(toIsoDate('today-1y', '2024-02-29'), '2023-02-28');
  t.equal(toIsoDate('today+1m', '2026-01-31'), '2026-02-28');
  t.equal(toIsoDate('today-18y-1d', '2026-11-20'), '2008-11-19');
  t.equal(toHl7Date('today@0415', '2026-11-20'), '202611200415');
  t.equal(toHl7Date('1950', '2026-11-20'), '1950');
  t.equal(toHl7Date('2024-05-17T1435', '2026-11-20'), '202405171435');
  t.equal(toIsoDate('20190401', '2026-11-20'), '2019-04-01');
  for (const wrong of ['', 'tomorrow', '2024-13-01', '2023-02-29', 'today@2400', 'today-1x', '24-01-01']) {
    t.equal(toIsoDate(wrong, '2026-11-20'), undefined, wrong);
  }
});

t.test('NHS numbers have a check digit, and one in eleven has none', async (t) => {
  for (const number of ['9996110745', '9996111482', '9990000018', '0000000000']) t.ok(isNhsNumber(number), number);
  for (const number of ['9996110746', '999611074', '99961107455', 'x996110745']) t.notOk(isNhsNumber(number), number);
  t.equal(checkDigit('999000007'), '7');
  const without = [...Array(1100).keys()].filter((n) => checkDigit(String(999_600_000 + n)) === undefined).length;
  t.ok(without > 80 && without < 120, `${without} of 1100`);
  t.equal(nthNhsNumber('9996110740', 0), '9996110745');
});

t.test('an item with copies stands for many, and each knows where it was written', async (t) => {
  const written = {
    list: [
      { name: 'first' },
      { copies: '2', name: 'No {n:3} of {other}', inner: [{ copies: [{ x: 'a' }, { x: 'b' }], text: '{x}' }] },
      { copies: [{ who: 'A' }], name: '{who}' },
    ],
  };
  const { value, faults, origin } = expandCopies(written);
  t.same(faults, []);
  t.same(value, {
    list: [
      { name: 'first' },
      { name: 'No 001 of {other}', inner: [{ text: 'a' }, { text: 'b' }] },
      { name: 'No 002 of {other}', inner: [{ text: 'a' }, { text: 'b' }] },
      { name: 'A' },
    ],
  });
  t.same(origin(['list', 2, 'inner', 1, 'text']), ['list', 1, 'inner', 0, 'text']);
  t.same(origin(['list', 3, 'name']), ['list', 2, 'name']);
  t.match(expandCopies([{ copies: 'many' }]).faults, [{ path: [0, 'copies'] }]);
  t.match(expandCopies([{ copies: '1', id: '{nhs:12}' }]).faults, [{ message: '"{nhs:12}" is no placeholder' }]);
});

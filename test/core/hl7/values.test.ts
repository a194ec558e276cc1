import t from 'tap';
import { checkDigit, isNhsNumber } from '../../../server/core/hl7/nhsNumber.ts';
import {
  formatLondonTimestamp,
  formatTimestamp,
  formatZulu,
  isCreationTime,
  parseTimestamp,
  timeOf,
} from '../../../server/core/hl7/timestamp.ts';

const WINTER = Date.parse('2024-01-02T03:04:06.789Z');
const SUMMER = Date.parse('2024-06-30T23:30:00Z');

t.test('times are written in UTC, London time on request', async (t) => {
  t.equal(formatTimestamp(WINTER), '20240102030406');
  t.equal(formatTimestamp(WINTER, 'day'), '20240102');
  t.equal(formatTimestamp(WINTER, 'minute'), '202401020304');
  t.equal(formatTimestamp(WINTER, 'millisecond'), '20240102030406789');
  t.equal(formatTimestamp(SUMMER), '20240630233000');
  t.equal(formatLondonTimestamp(WINTER, 'millisecond'), '20240102030406789');
  t.equal(formatLondonTimestamp(SUMMER), '20240701003000', 'an hour on in summer, over midnight');
  t.equal(
    formatLondonTimestamp(Date.parse('2024-03-31T01:00:00Z')),
    '20240331020000',
    'the hour the clocks go forward',
  );
  t.equal(formatZulu(WINTER), '2024-01-02T03:04:06Z');
});

t.test('times are read at any precision', async (t) => {
  const read = (text: string) => {
    const timestamp = parseTimestamp(text);
    return timestamp && [timestamp.precision, new Date(timeOf(timestamp)).toISOString()];
  };
  t.same(read('1984'), ['year', '1984-01-01T00:00:00.000Z']);
  t.same(read('198402'), ['month', '1984-02-01T00:00:00.000Z']);
  t.same(read('19840229'), ['day', '1984-02-29T00:00:00.000Z']);
  t.same(read('1984022913'), ['hour', '1984-02-29T13:00:00.000Z']);
  t.same(read('198402291314'), ['minute', '1984-02-29T13:14:00.000Z']);
  t.same(read('20240102030406'), ['second', '2024-01-02T03:04:06.000Z']);
  t.same(read('20240102030406.7'), ['millisecond', '2024-01-02T03:04:06.700Z']);
  t.same(read('20240102030406789'), ['millisecond', '2024-01-02T03:04:06.789Z']);
  t.same(read('20240701003000+0100'), ['second', '2024-06-30T23:30:00.000Z']);
  t.same(read('202401020304-0530'), ['minute', '2024-01-02T08:34:00.000Z']);
  t.same(read('00500101'), ['day', '0050-01-01T00:00:00.000Z'], 'not 1950');
  for (const text of [
    '',
    '19',
    '198',
    '19830229',
    '20240100',
    '20241301',
    '2024010224',
    '202401020360',
    '1704164646789',
    '2024-01-02',
    '20240102x',
  ]) {
    t.equal(parseTimestamp(text), undefined, text);
  }
});

t.test('a creationTime is any digits from a day up', async (t) => {
  for (const text of ['20240102', '202401020304', '20240102030405', '20240102030405678', '1704164646789'])
    t.ok(isCreationTime(text), text);
  for (const text of [undefined, '', '2024', '2024-01-02T03:04:05', '20240102030405Z'])
    t.notOk(isCreationTime(text), String(text));
});

t.test('NHS numbers are known by their check digit', async (t) => {
  for (const text of ['9996110745', '9996111482', '9996112225', '9996112594', '0000000000'])
    t.ok(isNhsNumber(text), text);
  for (const text of [
    '9996110744',
    '999611074',
    '99961107450',
    '999 611 0745',
    '999611074X',
    '',
    '９９９６１１０７４５',
  ])
    t.notOk(isNhsNumber(text), text);
  t.equal(checkDigit('999611074'), 5);
  const missing = [
    '999600000',
    '999600001',
    '999600002',
    '999600003',
    '999600004',
    '999600005',
    '999600006',
    '999600007',
    '999600008',
    '999600009',
    '999600010',
  ];
  t.ok(
    missing.some((nine) => checkDigit(nine) === undefined),
    'a remainder of 1 has no digit',
  );
});

import t from 'tap';
import { Ids } from '../../server/core/ids/ids.ts';

t.test('UUIDs are version 4 in upper case, and differ', async (t) => {
  const ids = new Ids();
  const seen = new Set(Array.from({ length: 5_000 }, () => ids.uuid()));
  t.equal(seen.size, 5_000);
  for (const uuid of [...seen].slice(0, 200))
    t.match(uuid, /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
});

t.test('the same seed gives the same sequence, another seed another, and a reset begins again', async (t) => {
  const sequence = (ids: Ids) => [
    ids.uuid(),
    ids.hex(7),
    ids.digits(12),
    ids.int(1000),
    ids.bytes(2000).toString('base64'),
  ];
  const ids = new Ids('seven');
  const first = sequence(ids);
  t.same(sequence(new Ids('seven')), first);
  t.notSame(sequence(new Ids('eight')), first);
  t.notSame(sequence(ids), first);
  ids.reset();
  t.same(sequence(ids), first);
});

t.test('digits have their length and no leading zero; numbers stay below their limit', async (t) => {
  const ids = new Ids('x');
  for (let round = 0; round < 300; round++) {
    t.match(ids.digits(12), /^[1-9]\d{11}$/);
    t.ok(ids.int(3) < 3);
    t.ok(ids.fraction() < 1);
    t.equal(ids.hex(5).length, 5);
  }
});

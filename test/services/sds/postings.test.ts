/** Lists of ids against what plain loops say of them. */
import t from 'tap';
import { intersection, lowerBound } from '../../../server/services/sds/directory/postings.ts';
import { seeded } from '../../core/fuzz.ts';

t.test('ids that are in every list are found wherever they stand in lists of any length', async (t) => {
  const random = seeded(7);
  const list = () => {
    const ids = new Set<number>();
    const range = 1 + random(400);
    for (let n = random(300); n > 0; n--) ids.add(random(range));
    return [...ids].sort((a, b) => a - b);
  };
  const wrong: object[] = [];
  for (let round = 0; round < 2000; round++) {
    const lists = Array.from({ length: 1 + random(4) }, list);
    const wanted = lists[0]!.filter((id) => lists.every((ids) => ids.includes(id)));
    const found = intersection(lists);
    if (`${found}` !== `${wanted}`) wrong.push({ lists, found, wanted });
  }
  t.same(wrong, []);
});

t.test('the first id that is not below another', async (t) => {
  const ids = [2, 4, 4_000_000];
  t.same(
    [0, 2, 3, 4, 5, 4_000_001].map((id) => lowerBound(ids, id)),
    [0, 0, 1, 1, 2, 3],
  );
});

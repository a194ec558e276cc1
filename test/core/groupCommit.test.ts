import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { GroupCommit } from '../../server/core/store/groupCommit.ts';

/** A database in a file, a second connection to it that sees what is committed, and the group. */
function open(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'spine-sim-group-'));
  const database = new DatabaseSync(join(folder, 'a.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE rows (id TEXT PRIMARY KEY, text TEXT)');
  const other = new DatabaseSync(join(folder, 'a.db'));
  t.teardown(() => {
    for (const one of [other, database]) if (one.isOpen) one.close();
    rmSync(folder, { recursive: true });
  });
  const insert = database.prepare('INSERT INTO rows VALUES (?, ?)');
  const put = (id: string, text = '') => insert.run(id, text);
  const ids = (of: DatabaseSync) =>
    of
      .prepare('SELECT id FROM rows ORDER BY id')
      .all()
      .map((row) => String(row.id));
  const group = new GroupCommit(database, (error) => new Error(`told: ${(error as Error).message}`));
  return { database, group, put, own: () => ids(database), committed: () => ids(other) };
}

t.test('what is written in one turn is seen at once, and committed together at its end', async (t) => {
  const { group, put, own, committed } = open(t);
  const writes = [group.run(() => put('a')), group.run(() => put('b'))];
  t.strictSame(own(), ['a', 'b']);
  t.strictSame(committed(), []);
  await writes[0];
  t.strictSame(committed(), ['a', 'b']);
  await Promise.all(writes);
});

t.test(
  'a look tells of what was just written when it is committed, and of nothing that a failed commit took back',
  async (t) => {
    const { database, group, put, own, committed } = open(t);
    const write = group.run(() => put('a'));
    const seen = await group.look(own);
    t.strictSame([seen, committed()], [['a'], ['a']]);
    await write;
    database.exec(
      'PRAGMA foreign_keys = ON; CREATE TABLE late (of TEXT REFERENCES rows(id) DEFERRABLE INITIALLY DEFERRED)',
    );
    const lost = group.run(() => {
      put('b');
      database.exec("INSERT INTO late VALUES ('nobody')");
    });
    const failed = t.rejects(lost, /told/);
    t.strictSame(await group.look(own), ['a']);
    await failed;
  },
);

t.test('a part that fails is taken back as a whole, the others stay', async (t) => {
  const { group, put, committed } = open(t);
  const first = group.run(() => put('a'));
  const failed = group.run(() => {
    put('b');
    put('a');
  });
  const last = group.run(() => put('c'));
  const seen = failed.catch((error) => ({ message: (error as Error).message, rows: committed() }));
  t.match(await seen, { message: /^told: UNIQUE/, rows: ['a', 'c'] }, 'told when what it met is durable');
  await Promise.all([first, last]);
  t.strictSame(committed(), ['a', 'c']);
});

t.test('a full disk refuses everybody in the turn, and the next turn goes on', async (t) => {
  const { database, group, put, committed } = open(t);
  const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
  database.exec(`PRAGMA max_page_count = ${pages + 2}`);
  const writes = [group.run(() => put('a')), group.run(() => put('b', 'x'.repeat(100_000)))];
  const outcomes = await Promise.allSettled(writes);
  t.equal(outcomes[1]!.status, 'rejected');
  // Whether SQLite gives up the part alone or all of it: who was told of success is there, who was not is not.
  t.strictSame(committed(), outcomes[0]!.status === 'fulfilled' ? ['a'] : []);
  database.exec('PRAGMA max_page_count = 1000000');
  await group.run(() => put('c'));
  t.ok(committed().includes('c'));
});

t.test('what waits is committed when the store is closed', async (t) => {
  const { group, put, committed } = open(t);
  const write = group.run(() => put('a'));
  group.flush();
  t.strictSame(committed(), ['a']);
  await write;
});

t.test('a commit that fails is told to all, and nothing is there', async (t) => {
  const { database, group, put, committed } = open(t);
  database.exec(
    'PRAGMA foreign_keys = ON; CREATE TABLE late (of TEXT REFERENCES rows(id) DEFERRABLE INITIALLY DEFERRED)',
  );
  const writes = [group.run(() => put('a')), group.run(() => database.exec("INSERT INTO late VALUES ('nobody')"))];
  for (const { status } of await Promise.allSettled(writes)) t.equal(status, 'rejected');
  t.strictSame(committed(), []);
  await group.run(() => put('b'));
  t.strictSame(committed(), ['b']);
});

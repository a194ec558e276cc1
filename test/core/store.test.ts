import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import t, { type Test } from 'tap';
import { openStore } from '../../server/core/store/open.ts';
import type { SnapshotRow } from '../../server/core/store/snapshot.ts';
import type { Store } from '../../server/core/store/store.ts';

interface Letter {
  to: string;
  copies?: string[];
  text?: string;
}

const LETTERS = {
  indexes: { to: (letter: Letter) => letter.to, copies: (letter: Letter) => letter.copies },
};

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'store-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const OPENERS: Record<string, (t: Test) => Promise<Store>> = {
  memory: () => openStore({ engine: 'memory' }),
  file: (t) => openStore({ engine: 'file', dataDir: join(folder(t), 'data') }),
};

const chunks = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const textOf = async (stream: Readable | undefined) => stream && Buffer.concat(await stream.toArray()).toString();
const ids = (rows: { id: string }[]) => rows.map((row) => row.id).join(' ');

async function all(rows: AsyncIterable<SnapshotRow>): Promise<SnapshotRow[]> {
  const list: SnapshotRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

for (const [engine, open] of Object.entries(OPENERS)) {
  const contract = (name: string, body: (t: Test, store: Store) => Promise<void>) =>
    t.test(`${engine}: ${name}`, async (t) => {
      const store = await open(t);
      t.teardown(() => store.close());
      await body(t, store);
    });

  contract('a value comes back as it was stored, a copy each time', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    const letter: Letter = { to: 'ana', copies: ['bo'], text: 'Ünïcode \u{1f600} \0 "quotes"' };
    t.equal(await letters.put('default', 'l 1/ü', letter), true);
    letter.copies!.push('changed later');
    const first = await letters.get('default', 'l 1/ü');
    first!.to = 'changed too';
    t.same(await letters.get('default', 'l 1/ü'), { to: 'ana', copies: ['bo'], text: 'Ünïcode \u{1f600} \0 "quotes"' });
    t.equal(await letters.get('default', 'nothing'), undefined);
    await t.rejects(letters.put('default', 'x', undefined as unknown as Letter), /only JSON can be stored/);
  });

  contract('one space never shows in another', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    await letters.put('a', 'same', { to: 'ana' });
    await letters.put('b', 'same', { to: 'bo' });
    t.same(await letters.get('a', 'same'), { to: 'ana' });
    t.equal(await letters.count('b', 'to', 'ana'), 0);
    t.same(await store.spaces(), ['a', 'b']);
    await store.clear('a');
    t.equal(await letters.get('a', 'same'), undefined);
    t.equal(await letters.count('a', 'to', 'ana'), 0);
    t.same(await letters.get('b', 'same'), { to: 'bo' });
    await store.clear();
    t.same(await store.spaces(), []);
  });

  contract('a space has another generation from the moment in which its rows are others', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    await letters.put('a', 'same', { to: 'ana' });
    const rows = await all(store.dump('a'));
    const [a, b] = [store.generation('a'), store.generation('b')];
    await letters.put('a', 'other', { to: 'bo' });
    t.equal(store.generation('a'), a, 'not for a write');
    /** What a look at the generation and then at the row finds until the change is told to be done. */
    const watched = async (change: Promise<void>) => {
      const before = store.generation('a');
      let done = false;
      const ended = change.finally(() => {
        done = true;
      });
      while (!done) {
        const generation = store.generation('a');
        const there = (await letters.get('a', 'other')) !== undefined;
        if (there && generation !== before) t.fail('a new generation with the old rows');
        if (!there && store.generation('a') === before) t.fail('new rows in the old generation');
        await new Promise((resolve) => setImmediate(resolve));
      }
      await ended;
      t.not(store.generation('a'), before);
    };
    await watched(store.restore('a', rows));
    await letters.put('a', 'other', { to: 'bo' });
    await watched(store.clear('a'));
    t.equal(store.generation('b'), b, 'not for another space');
    await store.clear();
    t.not(store.generation('b'), b, 'for all when all is forgotten');
  });

  contract('a list is in the order of adding, paged both ways; a replaced value keeps its place', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    for (const id of ['c', 'a', 'e', 'b', 'd']) await letters.put('default', id, { to: 'ana' });
    await letters.put('default', 'a', { to: 'ana', text: 'again' });
    await letters.delete('default', 'b');
    t.equal(ids(await letters.list('default')), 'c a e d');
    const page = await letters.list('default', { limit: 2 });
    t.equal(ids(page), 'c a');
    t.equal(ids(await letters.list('default', { after: page[1]!.seq })), 'e d');
    const last = await letters.list('default', { reverse: true, limit: 3 });
    t.equal(ids(last), 'd e a');
    t.equal(ids(await letters.list('default', { reverse: true, after: last[2]!.seq })), 'c');
    t.equal(ids(await letters.find('default', 'to', 'ana', { reverse: true, limit: 2, after: last[0]!.seq })), 'e a');
    t.equal(ids(await letters.findIds('default', 'to', 'ana', { limit: 2, after: page[0]!.seq })), 'a e');
    t.equal(ids(await letters.findIds('default', 'to', 'ana', { reverse: true, limit: 3 })), 'd e a');
    t.equal((await letters.findIds('default', 'to', 'ana'))[1]!.seq, page[1]!.seq);
    t.equal(await letters.count('default'), 4);
  });

  contract('a value is found under each of its keys, and under new ones after a change', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    await letters.put('default', '1', { to: 'ana', copies: ['bo', 'cy', 'bo'] });
    await letters.put('default', '2', { to: 'bo' });
    await letters.put('default', '3', { to: 'ana' });
    t.equal(ids(await letters.find('default', 'to', 'ana')), '1 3');
    t.equal(ids(await letters.find('default', 'copies', 'bo')), '1');
    await letters.put('default', '1', { to: 'bo', copies: ['cy'] });
    t.equal(ids(await letters.find('default', 'to', 'bo')), '1 2', 'still in the order of adding');
    t.equal(ids(await letters.find('default', 'copies', 'bo')), '');
    t.equal(await letters.count('default', 'to', 'bo'), 2);
    await letters.delete('default', '1');
    t.equal(await letters.count('default', 'copies', 'cy'), 0);
    await t.rejects(letters.find('default', 'form', 'x'), /letters has no index "form"/);
    t.throws(() => store.collection('letters', { indexes: { form: () => 'x' } }), /without the index "form"/);
  });

  contract('conditions decide between callers', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    const first = await Promise.all(
      ['ana', 'bo', 'cy'].map((to) => letters.put('default', '1', { to }, { ifAbsent: true })),
    );
    t.same(first, [true, false, false]);
    const { version } = (await letters.row('default', '1'))!;
    t.equal(await letters.put('default', '1', { to: 'di' }, { ifVersion: version }), true);
    t.equal(await letters.put('default', '1', { to: 'ed' }, { ifVersion: version }), false);
    t.equal(await letters.put('default', '2', { to: 'ed' }, { ifVersion: 1 }), false);
    t.equal(await letters.delete('default', '1', { ifVersion: version }), false);
    const gone = await Promise.all([letters.delete('default', '1'), letters.delete('default', '1')]);
    t.same(gone, [true, false]);
  });

  contract('parallel updates of one value lose nothing', async (t, store) => {
    const counters = store.collection<{ n: number }>('counters');
    const add = () => counters.update('default', 'c', (value) => ({ n: (value?.n ?? 0) + 1 }));
    await Promise.all(Array.from({ length: 50 }, add));
    t.same(await counters.get('default', 'c'), { n: 50 });
    t.equal(await counters.update('default', 'c', () => undefined), undefined);
    t.same(await counters.get('default', 'c'), { n: 50 });
  });

  contract('a batch happens as a whole or not at all', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    const counters = store.collection<{ n: number }>('counters');
    await letters.put('default', '1', { to: 'ana' });
    await letters.put('default', '2', { to: 'ana' });
    const refused = await store.batch([
      letters.deleting('default', '1'),
      letters.putting('default', '2', { to: 'bo' }),
      counters.putting('other', 'c', { n: 1 }),
      letters.putting('default', '2', { to: 'cy' }, { ifAbsent: true }),
    ]);
    t.equal(refused, false);
    t.equal(ids(await letters.find('default', 'to', 'ana')), '1 2');
    t.equal(await counters.count('other'), 0);
    t.equal(await store.batch([letters.deleting('default', '1'), counters.putting('other', 'c', { n: 1 })]), true);
    t.equal(ids(await letters.list('default')), '2');
    t.same(await counters.get('other', 'c'), { n: 1 });
  });

  contract('a blob is kept with its length and digest, and read in part', async (t, store) => {
    const info = await store.blobs.write('default', 'm/1', chunks('hello ', 'world'));
    t.same(info, { size: 11, sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' });
    t.same(await store.blobs.info('default', 'm/1'), info);
    t.equal(await textOf(await store.blobs.read('default', 'm/1')), 'hello world');
    t.equal(await textOf(await store.blobs.read('default', 'm/1', { start: 6 })), 'world');
    t.equal(await textOf(await store.blobs.read('default', 'm/1', { start: 1, end: 3 })), 'el');
    await store.blobs.write('default', 'm/1', chunks('again'));
    t.equal(await textOf(await store.blobs.read('default', 'm/1')), 'again');
    await store.blobs.write('default', 'empty', []);
    t.equal(await textOf(await store.blobs.read('default', 'empty')), '');
    t.equal(await store.blobs.read('other', 'm/1'), undefined);
    t.equal(await store.blobs.delete('default', 'm/1'), true);
    t.equal(await store.blobs.delete('default', 'm/1'), false);
    t.equal(await store.blobs.read('default', 'm/1'), undefined);
  });

  contract('a blob whose source breaks off leaves the one before', async (t, store) => {
    await store.blobs.write('default', 'm', chunks('before'));
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('the client went away');
    }
    await t.rejects(store.blobs.write('default', 'm', broken()), /the client went away/);
    t.equal(await textOf(await store.blobs.read('default', 'm')), 'before');
    const writers = ['one', 'two', 'three'].map((text) => store.blobs.write('default', 'm', chunks(text)));
    await Promise.all(writers);
    t.match(await textOf(await store.blobs.read('default', 'm')), /^(one|two|three)$/);
  });

  contract(
    'a source has its buffers again when the next one is asked for, and a reader keeps what it read',
    async (t, store) => {
      const own = Buffer.allocUnsafeSlow(50_000);
      async function* reusing() {
        for (let n = 0; n < 40; n++) {
          yield own.fill(97 + (n % 26));
          own.fill('!');
        }
      }
      const { size } = await store.blobs.write('default', 'm', reusing());
      const text = (await textOf(await store.blobs.read('default', 'm')))!;
      t.equal(size, 2_000_000);
      t.equal(text, Array.from({ length: 40 }, (_, n) => String.fromCharCode(97 + (n % 26)).repeat(50_000)).join(''));
      for await (const chunk of (await store.blobs.read('default', 'm'))!) (chunk as Buffer).fill('?');
      t.equal(
        await textOf(await store.blobs.read('default', 'm')),
        text,
        'what a reader does to its bytes is its own affair',
      );
    },
  );

  contract(
    'a held blob counts with the batch that names it, and goes with the batch that removes it',
    async (t, store) => {
      const letters = store.collection<Letter>('letters', LETTERS);
      const held = await store.blobs.hold(chunks('hello ', 'world'));
      const other = await store.blobs.hold(chunks('other'));
      t.match(held, { size: 11, sha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9' });
      t.not(held.number, other.number);
      t.equal(await store.blobs.info('default', 'm'), undefined);
      const naming = [letters.putting('default', '1', { to: 'ana' }), held.naming('default', 'm')];
      t.equal(await store.batch([...naming, letters.putting('default', '1', { to: 'bo' }, { ifAbsent: true })]), false);
      t.equal(await store.blobs.read('default', 'm'), undefined, 'the batch as a whole did not happen');
      t.equal(await store.batch(naming), true);
      t.equal(await textOf(await store.blobs.read('default', 'm')), 'hello world');
      t.equal(await store.batch([other.naming('default', 'm')]), false, 'another blob of that id is there');
      await other.drop();

      const { operations, done } = await store.blobs.removal('default', ['m', 'unknown']);
      t.equal(operations.length, 1);
      t.equal(await store.batch([...operations, letters.deleting('default', '1')]), true);
      await done();
      t.equal(await store.blobs.read('default', 'm'), undefined);
    },
  );

  contract('a snapshot brings a space back, into any space, before its collections are declared', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    for (let n = 0; n < 1_100; n++) await letters.put('default', String(n), { to: n % 2 ? 'ana' : 'bo' });
    const long = Buffer.alloc(2_000_000, 'spine ');
    await store.blobs.write('default', 'long', [long]);
    await store.blobs.write('default', 'empty', []);
    const rows = await all(store.dump('default'));
    await store.clear('default');
    await letters.put('default', 'later', { to: 'ana' });
    await store.blobs.write('default', 'later', chunks('x'));
    await store.restore('default', rows);
    t.equal(await letters.count('default', 'to', 'ana'), 550);
    t.same(ids(await letters.list('default', { limit: 3 })), '0 1 2');
    t.equal(await letters.get('default', 'later'), undefined);
    t.equal(await store.blobs.read('default', 'later'), undefined);
    t.equal(await textOf(await store.blobs.read('default', 'long')), long.toString());

    const other = await open(t);
    t.teardown(() => other.close());
    await other.restore('copy', JSON.parse(JSON.stringify(rows)) as SnapshotRow[]);
    t.equal(await other.collection<Letter>('letters', LETTERS).count('copy', 'to', 'bo'), 550);
    t.same(await all(other.dump('copy')), rows);
  });

  contract('a broken snapshot changes nothing', async (t, store) => {
    const letters = store.collection<Letter>('letters', LETTERS);
    await letters.put('default', '1', { to: 'ana' });
    await store.blobs.write('default', 'm', chunks('kept'));
    const broken = [
      { kind: 'blob', id: 'm', data: 'eA==' },
      { kind: 'row', id: '2' },
    ] as unknown as SnapshotRow[];
    await t.rejects(store.restore('default', broken), /this is not a row of a snapshot: .*"id":"2"/);
    t.equal(ids(await letters.list('default')), '1');
    t.equal(await textOf(await store.blobs.read('default', 'm')), 'kept');
  });
}

t.test('the file engine keeps everything over a restart, and never gives a seq twice', async (t) => {
  const dataDir = folder(t);
  const first = await openStore({ engine: 'file', dataDir });
  const letters = first.collection<Letter>('letters', LETTERS);
  await letters.put('default', '1', { to: 'ana' });
  await letters.put('default', '2', { to: 'ana' });
  const { seq } = (await letters.row('default', '2'))!;
  await letters.delete('default', '2');
  await first.blobs.write('default', 'm', chunks('kept'));
  await first.close();
  const second = await openStore({ engine: 'file', dataDir });
  t.teardown(() => second.close());
  const again = second.collection<Letter>('letters', LETTERS);
  await again.put('default', '3', { to: 'ana' });
  t.equal(ids(await again.find('default', 'to', 'ana', { after: seq })), '3');
  t.equal(ids(await again.list('default')), '1 3');
  t.equal(await textOf(await second.blobs.read('default', 'm')), 'kept');
});

t.test('an index that is declared otherwise in a later version is made anew', async (t) => {
  const dataDir = folder(t);
  const first = await openStore({ engine: 'file', dataDir });
  await first.collection<Letter>('letters', LETTERS).put('default', '1', { to: 'ana' });
  await first.collection<Letter>('letters').count('default', 'to', 'ana');
  await first.close();
  const second = await openStore({ engine: 'file', dataDir });
  t.teardown(() => second.close());
  const letters = second.collection<Letter>('letters', { indexes: { shout: (letter) => letter.to.toUpperCase() } });
  t.equal(ids(await letters.find('default', 'shout', 'ANA')), '1');
  await letters.put('default', '1', { to: 'bo' });
  t.equal(await letters.count('default', 'shout', 'ANA'), 0);
});

t.test('files are for the owner only, and bytes of unfinished blobs are removed at the next start', async (t) => {
  const dataDir = folder(t);
  const first = await openStore({ engine: 'file', dataDir });
  await first.blobs.write('default', 'm', chunks('kept'));
  await first.blobs.hold(chunks('never named'));
  await first.close();
  writeFileSync(join(dataDir, 'blobs', '77'), 'half a mess');
  const second = await openStore({ engine: 'file', dataDir });
  await second.blobs.write('default', 'n', chunks('next'));
  await second.close();
  t.same(readdirSync(join(dataDir, 'blobs')).sort(), ['1', '78']);
  t.equal(statSync(join(dataDir, 'blobs', '78')).mode & 0o777, 0o600);
  t.equal(statSync(join(dataDir, 'spine.db')).mode & 0o777, 0o600);
});

t.test('a database that can not be used is an error that names the file and what to do', async (t) => {
  const written = async () => {
    const dataDir = folder(t);
    const store = await openStore({ engine: 'file', dataDir });
    const letters = store.collection<Letter>('letters', LETTERS);
    for (let n = 0; n < 300; n++) await letters.put('default', String(n), { to: 'ana', text: 'x'.repeat(200) });
    await store.blobs.write('default', 'm', chunks('kept'));
    await store.close();
    return { dataDir, file: join(dataDir, 'spine.db') };
  };
  const refuses = (dataDir: string, reason: RegExp) =>
    t.rejects(openStore({ engine: 'file', dataDir }), { name: 'StoreError', message: reason });

  const text = await written();
  writeFileSync(text.file, 'this is not a database, but long enough to have a header of one hundred bytes'.repeat(20));
  await refuses(text.dataDir, /spine\.db is not a database.*Put back a copy/);
  t.match(readFileSync(text.file, 'utf8'), /^this is not a database/, 'the file is left as it was');

  const cut = await written();
  truncateSync(cut.file, 20_000);
  await refuses(cut.dataDir, /spine\.db is damaged/);

  const scribbled = await written();
  const bytes = readFileSync(scribbled.file);
  bytes.fill(0x5a, 8_192, 16_384);
  writeFileSync(scribbled.file, bytes);
  await refuses(scribbled.dataDir, /spine\.db is damaged/);

  const later = await written();
  const database = new DatabaseSync(later.file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  await refuses(later.dataDir, /has format 99, this version reads 1/);

  const lost = await written();
  rmSync(join(lost.dataDir, 'blobs'), { recursive: true });
  await refuses(lost.dataDir, /blobs lacks the bytes of default\/m\. Put the folder back/);

  const busy = await written();
  const holder = await openStore({ engine: 'file', dataDir: busy.dataDir });
  await refuses(busy.dataDir, /in use by another process: stop the other simulator/);
  await holder.close();

  const blocked = folder(t);
  mkdirSync(join(blocked, 'spine.db'));
  await refuses(blocked, /spine\.db can not be opened/);
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import t, { type Test } from 'tap';
import { Archive } from '../../server/core/journal/archive/archive.ts';
import type { JournalFilter } from '../../server/core/journal/filter.ts';
import { Journal } from '../../server/core/journal/journal.ts';
import { journalEntry, type Lines } from './journalEntries.ts';

const LIMITS = { maxEntries: 1_000, maxBytes: 64 << 20 };
/** So little is in memory that nearly all is looked for in files. */
const MEMORY = { maxEntries: 5, maxTotalBytes: 1_000_000, maxBodyBytes: 100_000 };

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-archive-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function opened(folder: string, limits = LIMITS, memory = MEMORY) {
  const lines: Lines = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const archive = await Archive.open(folder, limits, log);
  const journal = new Journal(memory);
  journal.attach(archive);
  return { archive, journal, lines };
}

const body = (text: string) => ({ body: { bytes: text.length, content: Buffer.from(text) } });

t.test('an entry comes back from the files as it was', async (t) => {
  const folder = folderOf(t);
  const { archive, journal } = await opened(folder);
  const entry = journalEntry({
    operation: 'sync',
    status: 500,
    advice: 'Say "é" \u{1f600}.',
    identity: { nhsNumber: '9996010007', user: '1' },
    request: { headers: [['Content-Type', 'text/xml']], body: { bytes: 900_000, content: Buffer.from([0, 255, 10]) } },
    response: body('<a>ü</a>'),
    steps: [{ name: 'decode', outcome: 'ok' }],
    error: { code: '900', message: 'no' },
  });
  journal.add(structuredCloneOf(entry));
  await archive.close();
  const again = await opened(folder);
  t.equal(again.journal.size, 0, 'nothing of it is in memory');
  const [found] = await again.journal.search();
  t.same(found, { ...entry, seq: 1 });
  t.same(await again.journal.lookUp(entry.id), found);
  t.same(await again.journal.lookUp(entry.id.slice(0, 8)), found, 'also by the part of the id that lists show');
  again.journal.add(journalEntry());
  t.equal(again.journal.find()[0]!.seq, 2, 'numbers go on');
  await again.archive.close();
});

function structuredCloneOf<T>(entry: T): T {
  return { ...entry };
}

t.test('searches of files and memory agree with what a plain look at all entries finds', async (t) => {
  const folder = folderOf(t);
  const { archive, journal } = await opened(folder);
  const all = Array.from({ length: 700 }, (_, n) =>
    journalEntry({
      space: `space-${n % 3}`,
      at: new Date(Date.UTC(2026, 0, 1) + ((n * 37) % 700) * 1_000).toISOString(),
      service: ['mesh', 'gas', 'messaging'][n % 7 === 0 ? 0 : n % 3]!,
      operation: n % 5 === 0 ? undefined : `op-${n % 5}`,
      status: [200, 403, 500][n % 3],
      path: `/path/${n % 50}`,
      rule: n % 90 === 0 ? 'slow' : undefined,
      identity: { mailbox: n % 2 ? `MB${n % 11}` : undefined, messageId: `m-${n}` },
      error: n % 10 === 0 ? { code: `E${n % 4}`, message: '' } : undefined,
      request: body(`<n>${n}</n>`),
    }),
  );
  for (const entry of all) journal.add(entry);
  t.ok(readdirSync(folder).filter((name) => name.endsWith('.log')).length > 3, 'there are several segments');
  const filters: JournalFilter[] = [
    {},
    { service: 'gas' },
    { space: 'space-1', service: 'mesh', status: 403 },
    { messageId: 'm-3' },
    { messageId: 'm-699' },
    { mailbox: 'MB7', path: '/path/7' },
    { rule: 'slow' },
    { error: 'E2' },
    { since: '2026-01-01T00:05:00.000Z', until: '2026-01-01T00:06:00.000Z' },
    { after: 100, before: 300, service: 'messaging' },
    { text: '<n>123</n>' },
    { text: '</n>', operation: 'op-3' },
    { nhsNumber: 'nobody' },
  ];
  const { matchesFilter } = await import('../../server/core/journal/filter.ts');
  const check = async (name: string, of: Journal) => {
    for (const filter of filters) {
      const wanted = all.filter((entry) => matchesFilter(entry, filter)).map(({ seq }) => seq);
      const said = `${name}: ${JSON.stringify(filter)}`;
      t.equal(await of.total(filter), wanted.length, said);
      const oldest = await of.search(filter, { oldestFirst: true });
      t.same(
        oldest.map(({ seq }) => seq),
        wanted,
        `${said}, oldest first`,
      );
      const newest = await of.search(filter, { limit: 7 });
      t.same(
        newest.map(({ seq }) => seq),
        wanted.slice(-7).reverse(),
        `${said}, the newest`,
      );
    }
  };
  await check('while it grows', journal);
  await archive.close();
  const again = await opened(folder);
  await check('after a restart', again.journal);
  await again.archive.close();
});

t.test('keeps to its limits, the oldest first out', async (t) => {
  const folder = folderOf(t);
  const { archive, journal } = await opened(folder, { maxEntries: 200, maxBytes: 64 << 20 });
  for (let n = 0; n < 1_000; n++) journal.add(journalEntry());
  t.equal(await journal.total(), 200);
  t.equal((await journal.search({}, { oldestFirst: true, limit: 1 }))[0]!.seq, 801);
  await archive.close();
  t.ok(archive.size < 300, `${archive.size} entries are in files`);
  const fewer = await opened(folder, { maxEntries: 200, maxBytes: 1 << 20 });
  for (let n = 0; n < 60; n++) fewer.journal.add(journalEntry({ request: body('x'.repeat(50_000)) }));
  await fewer.archive.close();
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  t.ok(bytes < 1.5 * (1 << 20), `${bytes} bytes`);
});

t.test('what is cleared stays away, also after a restart', async (t) => {
  const folder = folderOf(t);
  const { archive, journal } = await opened(folder);
  const add = (of: Journal, space: string, count: number) => {
    for (let n = 0; n < count; n++) of.add(journalEntry({ space }));
  };
  for (let round = 0; round < 50; round++) for (const space of ['a', 'b']) add(journal, space, 3);
  journal.clear('a');
  add(journal, 'a', 2);
  const counts = async (of: Journal) => [
    await of.total(),
    await of.total({ space: 'a' }),
    await of.total({ space: 'b' }),
  ];
  t.same(await counts(journal), [152, 2, 150]);
  t.notOk((await journal.search()).some(({ space, seq }) => space === 'a' && seq <= 300));
  await archive.close();
  const again = await opened(folder);
  t.same(await counts(again.journal), [152, 2, 150]);
  again.journal.clear();
  t.same(await counts(again.journal), [0, 0, 0]);
  t.same(
    readdirSync(folder).filter((name) => name.endsWith('.log') && name !== 'cleared.log'),
    [],
    'the files have gone',
  );
  await again.archive.close();
  const third = await opened(folder);
  t.same(await counts(third.journal), [0, 0, 0]);
  add(third.journal, 'c', 1);
  t.equal(third.journal.find()[0]!.seq, 303, 'a number is never given twice');
  await third.archive.close();
});

t.test('a verification counts what is in files, and notices what is cleared while it waits', async (t) => {
  const alive = setInterval(() => {}, 1_000);
  t.teardown(() => clearInterval(alive));
  const { archive, journal } = await opened(folderOf(t));
  for (let n = 0; n < 20; n++) journal.add(journalEntry({ service: 'gas' }));
  t.match(await journal.verify({ service: 'gas' }, 20, 20, 0), { satisfied: true, count: 20 });
  const waiting = journal.verify({ service: 'gas' }, 22, undefined, 60_000);
  await new Promise(setImmediate);
  for (let n = 0; n < 20; n++) journal.add(journalEntry({ service: n < 2 ? 'gas' : 'mesh' }));
  t.match(await waiting, { satisfied: true, count: 22 });
  const cleared = journal.verify({ service: 'gas' }, 23, undefined, 60_000);
  await new Promise(setImmediate);
  journal.clear();
  for (let n = 0; n < 23; n++) journal.add(journalEntry({ service: 'gas' }));
  t.match(await cleared, { satisfied: true, count: 23 }, 'only what came after the clearing');
  await archive.close();
});

t.test('a torn tail, a lost index and strange files do no harm', async (t) => {
  const folder = folderOf(t);
  const first = await opened(folder, { maxEntries: 512, maxBytes: 64 << 20 });
  for (let n = 0; n < 150; n++) first.journal.add(journalEntry({ identity: { messageId: `m-${n}` } }));
  await first.archive.close();
  const logs = readdirSync(folder).filter((name) => /^\d+\.log$/.test(name));
  t.equal(logs.length, 3);
  const last = join(folder, logs.at(-1)!);
  truncateSync(last, statSync(last).size - 5);
  rmSync(join(folder, logs[0]!.replace('.log', '.idx')));
  writeFileSync(join(folder, logs[1]!.replace('.log', '.idx')), 'no index');
  writeFileSync(join(folder, '0000000000000007.idx'), '');
  const second = await opened(folder, { maxEntries: 512, maxBytes: 64 << 20 });
  t.equal(await second.journal.total(), 149, 'the last record was cut off');
  for (const n of [0, 63, 64, 148]) t.equal(await second.journal.total({ messageId: `m-${n}` }), 1);
  second.journal.add(journalEntry({ identity: { messageId: 'after' } }));
  await second.archive.close();
  appendFileSync(last, Buffer.from([255, 255, 255, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  const third = await opened(folder, { maxEntries: 512, maxBytes: 64 << 20 });
  t.equal(await third.journal.total(), 150, 'what is no record is taken away');
  t.equal(await third.journal.total({ messageId: 'after' }), 1);
  await third.archive.close();
});

t.test('a journal that can not be written goes on in memory and says so once', async (t) => {
  const folder = folderOf(t);
  const { archive, journal, lines } = await opened(folder);
  rmSync(folder, { recursive: true });
  for (let n = 0; n < 3; n++) journal.add(journalEntry());
  t.equal(journal.size, 3);
  t.equal(lines.length, 1);
  t.match(lines[0], { level: 50, msg: /not written to its files/ });
  await archive.close();
});

t.test('what a process journalled is there after kill -9', async (t) => {
  const folder = folderOf(t);
  const writer = join(import.meta.dirname, 'fixtures/journalWriter.ts');
  let before = 0;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (text === '') setTimeout(() => child.kill('SIGKILL'), 40 + round * 17);
      text += chunk;
    });
    const [, signal] = await once(child, 'close');
    t.equal(signal, 'SIGKILL');
    const said = Number(text.split('\n').at(-2));
    const { archive, journal } = await opened(folder, { maxEntries: 1_000_000, maxBytes: 1 << 30 });
    const [newest] = await journal.search({}, { limit: 1 });
    t.ok(said > before && newest!.seq >= said, `round ${round}: ${newest!.seq} entries, ${said} were told`);
    t.equal(await journal.total(), newest!.seq, 'none is missing in between');
    const last = await journal.search({ after: before }, { oldestFirst: true });
    t.same(
      last.map(({ seq, identity, request }) => [identity.messageId, request.body!.content.length, seq]),
      last.map((_, n) => [`m-${before + n + 1}`, ((before + n + 1) * 7) % 5_000, before + n + 1]),
    );
    before = newest!.seq;
    await archive.close();
  }
});

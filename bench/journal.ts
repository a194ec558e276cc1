/**
 * The journal in files: what an entry costs when it is kept there too, and how long a search of many takes.
 *
 *     node bench/journal.ts [entries]
 *
 * A search with its count is to answer within 50 ms among 1,000,000 entries. It reads what the machine has in memory, so on a quiet
 * one it takes the processor time that is measured against that; the clock's time is beside it. Entries have the size of a PDS retrieval with its answer, 5 kB (so a million are 5 GB), in 50 spaces;
 * memory is small, so that searches read files.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Archive } from '../server/core/journal/archive/archive.ts';
import type { JournalEntry } from '../server/core/journal/entry.ts';
import type { JournalFilter } from '../server/core/journal/filter.ts';
import { Journal } from '../server/core/journal/journal.ts';
import { median, mib, type Row } from './lib/figures.ts';
import { temporaryFolder } from './lib/simulator.ts';
import { table } from './lib/table.ts';

const TARGET_MS = 50;
const SEARCHES = 7;
const TURN = 20;
const START = Date.UTC(2026, 0, 1);
const STEPS = ['decode', 'wrapper', 'rules', 'sender', 'receiver', 'contract', 'session', 'PDS', 'answer'];
const REQUEST = Buffer.alloc(2_600, '<person.id extension="9996010007"/>');
const RESPONSE = Buffer.alloc(1_600, '<given>INVENTED</given>');

const entries = Number(process.argv[2] ?? 1_000_000);
const uuid = (n: number) =>
  `${(Math.imul(n, 2654435761) >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;

function entryOf(n: number): JournalEntry {
  return {
    id: uuid(n),
    seq: 0,
    space: `team-${n % 50}`,
    spaceReason: 'asid',
    at: new Date(START + n * 100).toISOString(),
    durationMs: 1.25,
    protocol: 'http',
    direction: 'inbound',
    service: ['messaging', 'mesh', 'gas', 'ssp'][n % 4]!,
    operation: n % 4 === 0 ? 'sync' : 'other',
    interaction: 'QUPA_IN000008UK02',
    peer: '127.0.0.1:50000',
    host: 'msg.dev.spine2.ncrs.nhs.uk',
    method: 'POST',
    path: '/sync-service',
    status: n % 100 === 0 ? 500 : 200,
    identity: {
      asid: String(200_000_000_000 + (n % 300)),
      nhsNumber: String(9_990_000_000 + (n % 50_000)),
      messageId: uuid(n + 7),
    },
    request: {
      headers: [
        ['Host', 'msg.dev.spine2.ncrs.nhs.uk'],
        ['Content-Type', 'text/xml'],
      ],
      body: { bytes: REQUEST.length, content: REQUEST },
    },
    response: { headers: [['Content-Type', 'text/xml']], body: { bytes: RESPONSE.length, content: RESPONSE } },
    outcome: n % 100 === 0 ? 'refused' : 'ok',
    steps: STEPS.map((name) => ({ name, outcome: 'ok' })),
    nearMisses: [],
  };
}

async function fill(journal: Journal, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n++) {
    journal.add(entryOf(n));
    if (n % TURN === 0) await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const memory = { maxEntries: 1_000, maxTotalBytes: 8 << 20, maxBodyBytes: 64 << 10 };
const inMemory = await fill(new Journal(memory), Math.min(entries, 100_000));
const folder = temporaryFolder();
const archive = await Archive.open(folder, { maxEntries: entries, maxBytes: 1e12 }, pino({ level: 'error' }));
const journal = new Journal(memory);
journal.attach(archive);
const inFiles = await fill(journal, entries);

const rows: Row[] = [
  {
    title: 'An entry, memory and files',
    ours: `${inFiles.toFixed(1)} µs`,
    other: `${inMemory.toFixed(1)} µs, memory alone (both with the making of the entry)`,
  },
];
const searches: [string, JournalFilter][] = [
  ['by NHS number', { nhsNumber: '9990000123' }],
  ['by message id', { messageId: uuid(Math.floor(entries / 2)) }],
  ['by space and service', { space: 'team-24', service: 'messaging' }],
  ['by operation and status', { service: 'messaging', operation: 'sync', status: 500 }],
  ['by time and service', { since: new Date(START + entries * 50).toISOString(), service: 'gas' }],
  ['for what is not there', { asid: '200000009999' }],
];
for (const [title, filter] of searches) {
  const times: number[] = [];
  const walls: number[] = [];
  let total = 0;
  for (let n = 0; n < SEARCHES; n++) {
    const before = process.cpuUsage();
    const began = performance.now();
    ({ total } = await journal.searchAndCount(filter, { limit: 100 }));
    walls.push(performance.now() - began);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  const ms = median(times);
  const target = { text: `<= ${TARGET_MS} ms`, met: ms <= TARGET_MS };
  const other = `${median(walls).toFixed(1)} ms by the clock`;
  rows.push({ title: `Search and count ${title}: ${total}`, ours: `${ms.toFixed(1)} ms`, other, target });
}
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
rows.push({ title: `Files of ${entries} entries`, ours: `${Math.round(mib(bytes))} MiB` });
rows.push({ title: 'Resident memory then', ours: `${Math.round(mib(process.memoryUsage.rss()))} MiB` });
await archive.close();
console.log(table(rows));
process.exit(rows.some(({ target }) => target && !target.met) ? 1 : 0);

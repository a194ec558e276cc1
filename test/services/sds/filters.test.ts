import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { slapdInstalled, startSlapd } from '../../../bench/ldap/slapd.ts';
import type { Directory } from '../../../server/services/sds/directory/directory.ts';
import type { Entry } from '../../../server/services/sds/directory/entry.ts';
import { printFilter } from '../../../server/services/sds/protocol/filterText.ts';
import { attribute } from '../../../server/services/sds/schema/schema.ts';
import { seeded } from '../../core/fuzz.ts';
import { type CaseRules, evaluate, type PlainEntry } from './plainEvaluator.ts';
import { type Random, randomFilter, vocabularyOf } from './randomFilters.ts';
import { RawClient, type SearchAnswer, type SearchOptions } from './rawClient.ts';
import { startSeedDirectory } from './seedDirectory.ts';

function allEntries(directory: Directory): Entry[] {
  const entries: Entry[] = [];
  for (let id = 0; id < directory.table.rows; id++) if (!directory.table.isGone(id)) entries.push(directory.read(id));
  return entries;
}

// Thousands of searches: a loaded machine needs its time.
t.setTimeout(120_000);

t.test('a plain evaluator gives the same entries', async (t) => {
  const { port, directory, faults } = await startSeedDirectory(t, { sizeLimit: 1_000_000 });
  const client = await RawClient.open(port);
  t.teardown(() => client.close());
  const entries = allEntries(directory.entries);
  // Class names, addresses, numbers and mail have rules of their own, which other tests look at.
  const apart = ['objectClass', 'postalAddress', 'telephoneNumber', 'mail'];
  const words = vocabularyOf(entries);
  words.values = words.values.filter(([name]) => !apart.includes(name));
  const rules: CaseRules = new Map();
  for (const [name] of words.values) {
    rules.set(name.toLowerCase(), attribute(name).comparison === 'exact' ? 'exact' : 'ignore');
  }
  const plain: [string, PlainEntry][] = entries.map(({ dn, attributes }) => [
    dn,
    { values: new Map(attributes.map(([type, values]) => [type.name.toLowerCase(), values])) },
  ]);
  const random = seeded(20_261_120);
  let found = 0;
  for (let n = 0; n < 1500; n++) {
    const filter = randomFilter(random, words, { unknownNames: true, extensible: false });
    const expected = plain.filter(([, entry]) => evaluate(filter, entry, rules) === true).map(([dn]) => dn);
    const answer = await client.search({ filter, attributes: ['1.1'] });
    found += expected.length;
    const given = answer.entries.map(({ dn }) => dn).sort();
    if (answer.code !== 0 || given.join('\n') !== expected.sort().join('\n')) {
      t.fail(`${printFilter(filter)}: code ${answer.code}, ${given.length} entries, expected ${expected.length}`);
      break;
    }
  }
  t.ok(found > 10_000, `the filters matched ${found} entries`);
  t.same(faults, []);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Names, and values in any order: neither side promises one. */
function comparable({ code, matchedDn, entries }: SearchAnswer): string {
  const lines = entries.map(({ dn, attributes }) => {
    const pairs = Object.entries(attributes).map(([name, values]) => `${name}=${[...values].sort().join('|')}`);
    return `${dn}: ${pairs.sort().join('; ')}`;
  });
  return [code, matchedDn, ...lines.sort()].join('\n');
}

function randomSearch(random: Random, words: ReturnType<typeof vocabularyOf>): SearchOptions {
  const names = words.values.map(([name]) => name);
  const attributes = Array.from({ length: random(4) }, () => {
    const name = names[random(names.length)]!;
    return [name, name.toLowerCase(), '*', '1.1', 'noSuch', attribute(name).oid][random(6)]!;
  });
  const deep = words.bases[random(words.bases.length)]!;
  const base = [
    'o=nhs',
    'o=nhs',
    'ou=services, o=nhs',
    'ou=People,O=NHS',
    deep,
    `cn=missing,${deep}`,
    'o=elsewhere',
    '',
  ][random(8)]!;
  const filter = randomFilter(random, words, { unknownNames: true, extensible: true });
  return { base, scope: base === '' ? 1 + random(2) : random(4), filter, attributes, typesOnly: random(8) === 0 };
}

t.test('slapd gives the same entries, attributes, results and matched names (profile opentest)', async (t) => {
  if (!slapdInstalled() && !process.env.CI) {
    t.comment('skipped: slapd is not installed');
    return;
  }
  const { port, directory, faults } = await startSeedDirectory(t, { profile: 'opentest', sizeLimit: 1_000_000 });
  const folder = mkdtempSync(join(tmpdir(), 'sds-slapd-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  // Its classes are of another schema file there.
  directory.entries.remove('cn=changelog,o=nhs');
  const entries = allEntries(directory.entries);
  const slapd = await startSlapd(folder, await freePort(), entries, { sizeLimit: 'unlimited' });
  t.teardown(() => slapd.stop());
  const [ours, theirs] = await Promise.all([RawClient.open(port), RawClient.open(slapd.port)]);
  t.teardown(() => {
    ours.close();
    theirs.close();
  });
  const words = vocabularyOf(entries);
  const random = seeded(Number(process.env.SDS_SEED ?? 4711));
  const searches = Number(process.env.SDS_SEARCHES ?? 1000);
  let differences = 0;
  for (let n = 0; n < searches && differences < 5; n++) {
    const search = randomSearch(random, words);
    const [mine, other] = await Promise.all([ours.search(search), theirs.search(search)]);
    if (comparable(mine) === comparable(other)) continue;
    differences++;
    const { base, scope, filter, attributes } = search;
    t.fail(`base "${base}" scope ${scope} ${printFilter(filter as never)} [${attributes}]`, {
      ours: comparable(mine).slice(0, 600),
      slapd: comparable(other).slice(0, 600),
    });
    ours.received.length = 0;
    theirs.received.length = 0;
  }
  t.same(faults, []);
});

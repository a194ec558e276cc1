import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { Clock } from '../../../server/core/clock/clock.ts';
import { changed, whyNot } from '../../../server/core/world/import/changed.ts';
import { readCsv } from '../../../server/core/world/import/csv.ts';
import { importPatients } from '../../../server/core/world/import/importFile.ts';
import { loadSeed, SHIPPED_WORLD } from '../../../server/core/world/seed/load.ts';
import { World } from '../../../server/core/world/world.ts';
import { ProblemsError } from '../../../server/core/yaml/problem.ts';

const TODAY = '2026-11-20';
const seed = await loadSeed({ today: TODAY });
const newWorld = () => new World({ seed, space: 'test', clock: new Clock() });

/** What is wrong with a file, as `line:column message (suggestion)`. */
async function faults(world: World, file: string, text: string): Promise<string[]> {
  const error = await importPatients(world, file, text, TODAY).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof ProblemsError)) return ['was taken'];
  return error.problems.map(({ line, column, message, suggestion }) => `${line}:${column} ${message} (${suggestion})`);
}

t.test('cells stand where an editor shows them', async (t) => {
  const { rows, faults } = readCsv('\ufeffa;"b ""q"";\r\nc"; d \r\n\r\n1;;3');
  t.same(faults, []);
  t.same(
    rows.map((row) => row.map(({ text, line, column }) => [text, line, column])),
    [
      [
        ['a', 1, 1],
        ['b "q";\r\nc', 1, 3],
        ['d', 2, 4],
      ],
      [
        ['1', 4, 1],
        ['', 4, 3],
        ['3', 4, 4],
      ],
    ],
  );
  t.match(readCsv('a,b\n1,"2').faults, [{ line: 2, column: 3 }]);
});

t.test('a spreadsheet of people is taken, by the names that its columns have', async (t) => {
  const world = newWorld();
  const text = [
    'NHS Number,Title,Forenames,Surname,Sex,DOB,Address 1,Address 2,Postcode,Mobile,E-mail,Practice,Died',
    '999 800 0009,Mrs,Anne-Lunette May,"O\'Quill, Jr",F,31/01/1980,,1 Rowan Lane,ZZ99 3VZ,07700 900 123,a@example.test,Z99901,',
    '9996010007,,Brisella,Fennelmere,female,1989-06-20,,,,,,,today-1d',
  ].join('\r\n');
  t.match(await importPatients(world, 'people.csv', text, TODAY), { added: 1, replaced: 1 });
  t.match(await world.patients.get('9998000009'), {
    names: [{ use: 'L', prefix: 'Mrs', given: ['Anne-Lunette', 'May'], family: "O'Quill, Jr" }],
    gender: '2',
    dateOfBirth: '19800131',
    addresses: [{ use: 'H', lines: ['', '1 Rowan Lane', '', '', ''], postcode: 'ZZ99 3VZ' }],
    telecoms: [
      { use: 'MC', value: 'tel:07700900123' },
      { use: 'HP', value: 'mailto:a@example.test' },
    ],
    gp: { ods: 'Z99901' },
  });
  t.match(await world.patients.get('9996010007'), { dateOfDeath: '20261119', deathStatus: '2' });
});

t.test('every fault is told with line, column and what was meant, and nothing is changed', async (t) => {
  const world = newWorld();
  const count = await world.patients.count();
  t.same(await faults(world, 'p.csv', 'nhsNumber,famly,colour\n9998000009,A,red'), [
    '1:11 there is no column "famly" (did you mean "family"?)',
    (await faults(world, 'p.csv', 'colour\nred'))[0]!.replace('1:1 ', '1:17 '),
  ]);
  const text = [
    'nhsNumber,family,given,gender,dateOfBirth,phone,mobile,died',
    '9998000001,A,B,1,1980-01-31,,,',
    '9998000009,A,B,7,1980-02-31,,0 7,',
    '9998000009,A,B,1,1980-01-31,,,1970-01-01',
    ',A,B,1,,,,',
  ].join('\n');
  t.match(await faults(world, 'p.csv', text), [
    /^2:1 "9998000001" is not an NHS number \(its check digit must be 9: 9998000009\)/,
    /^3:16 .*gender|^3:16 /,
    /^3:18 "1980-02-31" is not a date \(write 2024-01-31/,
    /^5:1 .*nhsNumber/,
  ]);
  const twice = 'nhsNumber,family,gender,born,died\n9998000009,A,1,1980-01-31,\n9998000009,A,1,1980-01-31,1970-01-01';
  t.match(await faults(world, 'p.csv', twice), [
    /^3:1 9998000009 is there already, in line 2/,
    /^3:27 19700101 is before the birth/,
  ]);
  t.match(await faults(world, 'p.csv', 'family,given\nA,B,C'), [/^2:5 there are 3 cells, but 2 columns/]);
  t.same(
    await faults(world, 'p.csv', 'family,born,gender\nA,12/31/1980,1').then((told) =>
      told.find((fault) => fault.startsWith('2:3 '))?.includes('"12/31/1980"'),
    ),
    true,
    'as it was written',
  );
  t.match(await faults(world, 'p.csv', 'nhsNumber,family,gender\n9998000009,Fr\ufffdnkel,1'), [
    /^2:14 octets that are no UTF-8 \(save the file as UTF-8\)/,
  ]);
  t.match(await faults(world, 'p.yaml', 'p\0a\0t\0'), [/^1:2 octets that are no UTF-8/]);
  t.match(await faults(world, 'p.csv', ''), [/^1:1 the first line must name the columns/]);
  t.equal(await world.patients.count(), count);
});

t.test('a fault is told with the field that it is about', async (t) => {
  const error = await importPatients(newWorld(), 'p.csv', 'nhsNumber,family,gender\n9998000009,A,7', TODAY).catch(
    (e) => e,
  );
  t.match(error.problems, [{ path: 'gender', line: 2 }]);
  t.match(error.message, /p\.csv:2:14: gender: must be one of/);
});

t.test('very many rows are refused before they are looked at, and very many faults are counted', async (t) => {
  const rows = (count: number) => `family,gender\n${'A,1\n'.repeat(count)}`;
  t.match(await faults(newWorld(), 'p.csv', rows(100_000)), [/there are 100000 patients; 20000 are the most/]);
  const error = await importPatients(newWorld(), 'p.csv', rows(1000), TODAY).catch((e) => e);
  t.equal(error.problems.length, 200);
  t.match(error.message, /\n {2}and 800 more$/);
});

t.test('what is odd about a patient is a warning', async (t) => {
  const text = [
    'nhsNumber\tfamily\tgender\tborn\tpractice\treplaced by',
    '9998000009\tA\t1\t01/01/2099\tZ9Q9Q\t',
    '9998000017\tA\t1\t01/01/1999\t\t9998000009',
    '9998000025\tA\t1\t01/01/1999\t\t9998000033',
  ].join('\r\n');
  const { added, warnings } = await importPatients(newWorld(), 'p.csv', text, TODAY);
  t.equal(added, 3);
  t.match(
    warnings.map(({ line, path, message }) => `${line} ${path} ${message}`),
    [
      '2 gp.ods the world has no organisation Z9Q9Q',
      '2 dateOfBirth 20990101 is in the future',
      '4 supersededBy nobody has the number 9998000033',
    ],
  );
});

t.test('YAML is taken as in the folder of the seed, patients only', async (t) => {
  const world = newWorld();
  const patient = "- {nhsNumber: '9998000009', gender: '1', names: [{use: L, family: Copy}]}";
  t.match(await importPatients(world, 'p.yaml', `patients:\n${patient}`, TODAY), { added: 1, replaced: 0 });
  t.match(await faults(world, 'p.yaml', `mailboxes: []\npatients:\n${patient}`), [
    /^1:12 mailboxes can't be imported \(put the file/,
  ]);
  t.match(await faults(world, 'p.yaml', `patients:\n${patient.replace('family', 'famly')}`), [
    '2:59 "famly" is not known here (did you mean "family"?)',
    /family.* is missing/,
  ]);
});

t.test('a CSV file in the folder of the seed is part of it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'spine-import-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'people.csv'), 'nhsNumber,family,gender\n9998000009,Seeded,2\n');
  const own = await loadSeed({ today: TODAY, directories: [SHIPPED_WORLD, folder] });
  const world = new World({ seed: own, space: 'test', clock: new Clock() });
  t.match(await world.patients.get('9998000009'), { names: [{ family: 'Seeded' }] });
  writeFileSync(join(folder, 'people.csv'), 'nhsNumber,family,gender\n9998000009,Seeded,5\n');
  await t.rejects(loadSeed({ today: TODAY, directories: [SHIPPED_WORLD, folder] }), /people\.csv:2:19: /);
});

t.test('what a change takes the place of becomes history', async (t) => {
  const world = newWorld();
  const before = (await world.patients.get('9996760006'))!;
  const days = { today: TODAY, yesterday: '2026-11-19' };
  const change = async (fields: Record<string, string | null>) => {
    const patient = (await world.patients.get('9996760006'))!;
    await world.put('patients', changed(patient, fields, days));
    return (await world.patients.get('9996760006'))!;
  };
  const moved = await change({
    line2: '1 New Row',
    postcode: 'ZZ99 3CZ',
    gp: 'Z99902',
    family: 'Newname',
    mobile: '07700900999',
  });
  t.equal(moved.scn, before.scn + 1);
  t.match(moved.addresses, [
    { lines: ['', '1 New Row', '', '', ''], postcode: 'ZZ99 3CZ', from: TODAY, to: undefined },
    { lines: before.addresses[0]!.lines, to: '2026-11-19', objectId: before.addresses[0]!.objectId },
  ]);
  t.match(moved, { gp: { ods: 'Z99902', from: TODAY }, gpHistory: [{ ods: 'Z99901', to: '2026-11-19' }] });
  t.match(moved.names, [
    { use: 'L', family: 'Newname', given: before.names[0]!.given, prefix: before.names[0]!.prefix },
    { use: 'PREVIOUS', family: 'Changewick', to: '2026-11-19' },
  ]);
  t.equal(moved.telecoms.filter(({ use, to }) => use === 'MC' && to === undefined).length, 1);
  const again = await change({ line2: '2 New Row' });
  t.equal(again.addresses.length, moved.addresses.length, 'what began today is replaced');
  const town = await change({ line4: 'Testhaven' });
  t.same(town.addresses[0]!.lines, ['', '2 New Row', '', 'Testhaven', ''], 'the other lines stay');
  t.match(await change({ mobile: '07700900998', prefix: 'Dr', email: 'c@example.test' }), {
    names: [{ prefix: 'Dr' }],
  });
  const less = await change({ mobile: null, prefix: null, given: null, postcode: null, line4: null });
  t.match(less.names[0], { use: 'L', family: 'Newname', given: [], prefix: undefined });
  t.match(less.addresses[0], { lines: ['', '2 New Row', '', '', ''], postcode: undefined });
  const holding = less.telecoms.filter(({ to }) => to === undefined).map(({ value }) => value);
  t.notOk(holding.includes('tel:07700900998'), 'it is gone');
  t.ok(holding.includes('mailto:c@example.test'), 'the others are not');
  t.equal(whyNot(less, { family: null }), "family can't be taken away");
  t.match(whyNot(less, { nhsNumber: '9996010007' }), /^the number of a record stays 9996760006/);
  t.equal(whyNot(less, { nhsNumber: '999 676 0006', mobile: null }), undefined);
  const gone = await change({ gp: null, dateOfDeath: 'today', confidentiality: 'S' });
  t.match(gone, { gp: undefined, deathStatus: '2', confidentiality: 'S' });
  t.match(await change({ dateOfDeath: null, confidentiality: null }), {
    dateOfDeath: undefined,
    deathStatus: undefined,
    confidentiality: undefined,
  });
});

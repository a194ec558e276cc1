import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { schemaText } from '../../server/core/rules/definition/generate.ts';
import { SCHEMA_FILE } from '../../server/core/rules/definition/schemaFile.ts';
import { Rules } from '../../server/core/rules/engine.ts';
import { RuleFiles } from '../../server/core/rules/files.ts';
import { openStore } from '../../server/core/store/open.ts';
import { answering, decides, facts, space } from './ruleTools.ts';

const EXAMPLES = fileURLToPath(new URL('../../stubs/rules/examples/', import.meta.url));

function folder(t: Test, files: Record<string, string> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'rule-files-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

async function started(t: Test, folder: string, watch = false) {
  let readings = 0;
  const rules = new Rules({ store: await openStore({ engine: 'memory' }), folder, onRead: () => readings++ });
  await rules.start({ watch });
  t.teardown(() => rules.close());
  /** Resolves when the files have been read once more. */
  const nextReading = async () => {
    const before = readings;
    for (let n = 0; n < 100 && readings === before; n++) await new Promise((resolve) => setTimeout(resolve, 50));
    t.not(readings, before, 'the change was noticed');
  };
  return { rules, nextReading };
}

const rule = (name: string, when: string) => `  - {name: ${name}, when: {${when}}, do: {answer: {body: ${name}}}}\n`;
const problemsOf = (rules: Rules, path: string) =>
  rules.problems.map(
    ({ file, line, column, message }) => `${file.replace(`${path}/`, '')}:${line}:${column}: ${message}`,
  );

t.test('rules of files belong to every space; those of a space come first and hide the same name', async (t) => {
  const path = folder(t, {
    'b.yaml': `rules:\n${rule('late', '')}`,
    'a.yml': `rules:\n${rule('first', 'service: messaging')}${rule('second', '')}`,
    'notes.txt': 'no rules',
    '.hidden.yaml': 'rules: broken',
  });
  mkdirSync(join(path, 'examples'));
  writeFileSync(join(path, 'examples', 'x.yaml'), `rules:\n${rule('example', '')}`);
  const { rules } = await started(t, path);
  t.same(rules.problems, []);
  t.equal(await decides(rules, facts(), space('one')), 'first');
  t.equal(await decides(rules, facts({ service: 'mesh' }), space('two')), 'second');
  t.same(
    (await rules.list('one')).map(({ name, source, matched }) => [name, source, matched]),
    [
      ['first', 'a.yml:2', 1],
      ['second', 'a.yml:3', 0],
      ['late', 'b.yaml:2', 0],
    ],
  );
  await rules.put('one', answering('second', { service: 'messaging' }));
  t.equal(await decides(rules, facts(), space('one')), 'second');
  t.equal(await decides(rules, facts({ service: 'mesh' }), space('one')), 'late', 'the one of the file is hidden');
  t.equal(await decides(rules, facts(), space('two')), 'first');
  t.equal(await rules.delete('one', 'first'), false, 'rules of files are not deleted over the API');
  await rules.delete('one', 'second');
  t.equal(await decides(rules, facts(), space('one')), 'first');
});

t.test('every fault is told with file, line, column and what was probably meant', async (t) => {
  const path = folder(t, {
    'a.yaml': [
      'namespaces: {x: urn:x}',
      'rules:',
      '  - name: wrong-key',
      '    when:',
      '      srevice: messaging',
      '    do: {passOn: true}',
    ].join('\n'),
    'b.yaml': [
      'rules:',
      '  - name: wrong-path',
      '    when: {xpath: {"//y:a": b}}',
      '    do:',
      '      fault: {name: reset, ms: 1}',
    ].join('\n'),
    'c.yaml': 'rules:\n  - name: "unclosed\n',
    'd.yaml': `rules:\n${rule('same', '')}${rule('same', '')}${rule('good', '')}`,
    'e.yaml': '',
  });
  const { rules } = await started(t, path);
  const problems = problemsOf(rules, path);
  t.equal(problems.length, 5);
  t.match(
    problems[0],
    /^a\.yaml:5:7: rules\[0\]\.when\.srevice: "srevice" is not known here \(did you mean "service"\?\)$/,
  );
  t.match(problems[1], /^b\.yaml:3:\d+: rules\[0\] wrong-path: .*y/);
  t.match(problems[2], /^b\.yaml:5:28: rules\[0\] wrong-path: "ms" is not known here \(known here: after\)$/);
  t.match(problems[3], /^c\.yaml:/);
  t.match(problems[4], /^d\.yaml:3:\d+: there is a rule "same" already in .*d\.yaml:2; this one is left out$/);
  t.same(
    (await rules.list('default')).map(({ name }) => name),
    ['same', 'good'],
  );
});

t.test(
  'a change is in force at once; a broken file keeps the rules it had; counts stay with unchanged rules',
  async (t) => {
    const path = folder(t, { 'a.yaml': `rules:\n${rule('one', '')}` });
    const { rules, nextReading } = await started(t, path, true);
    t.equal(await decides(rules), 'one');

    writeFileSync(join(path, 'a.yaml'), `rules:\n${rule('one', '')}${rule('two', 'service: mesh')}`);
    await nextReading();
    t.equal(await decides(rules, facts({ service: 'mesh' })), 'one');
    t.match(await rules.get('default', 'one'), { matched: 2 });

    writeFileSync(join(path, 'a.yaml'), 'rules:\n  - name: [broken');
    await nextReading();
    t.equal(rules.problems.length > 0, true);
    t.equal(await decides(rules), 'one');

    // As editors save: a new file takes the place of the old one.
    writeFileSync(join(path, 'a.yaml.new'), `rules:\n${rule('three', '')}`);
    renameSync(join(path, 'a.yaml.new'), join(path, 'a.yaml'));
    await nextReading();
    t.same(rules.problems, []);
    t.equal(await decides(rules), 'three');

    writeFileSync(join(path, 'b.yaml'), `rules:\n${rule('four', '')}`);
    await nextReading();
    t.same(
      (await rules.list('default')).map(({ name }) => name),
      ['three', 'four'],
    );
    rmSync(join(path, 'a.yaml'));
    await nextReading();
    t.equal(await decides(rules), 'four');
  },
);

t.test('a template in a file of a new folder is read again when it changes', async (t) => {
  const path = folder(t);
  const { rules, nextReading } = await started(t, path, true);
  mkdirSync(join(path, 'answers', 'deep'), { recursive: true });
  await nextReading();
  const file = join(path, 'answers', 'deep', 'a.txt');
  writeFileSync(file, 'one {{asid}}');
  await nextReading();
  writeFileSync(join(path, 'a.yaml'), 'rules: [{name: a, do: {template: {file: answers/deep/a.txt}}}]');
  await nextReading();
  const body = async () => String((await rules.evaluate(space(), facts()))!.answer!.body);
  t.equal(await body(), 'one 200000000901');
  for (const text of ['two', 'three']) {
    writeFileSync(`${file}~`, text);
    renameSync(`${file}~`, file);
    await nextReading();
    t.equal(await body(), text);
  }
});

t.test('no exchange is lost while rules are read again', async (t) => {
  const path = folder(t, { 'a.yaml': `rules:\n${rule('one', '')}` });
  const { rules } = await started(t, path);
  let undecided = 0;
  let running = true;
  const traffic = (async () => {
    while (running) {
      if ((await decides(rules)) !== 'one') undecided++;
      await new Promise(setImmediate);
    }
  })();
  for (let n = 0; n < 20; n++) {
    writeFileSync(join(path, 'a.yaml'), `rules:\n${rule('one', n % 2 ? 'service: messaging' : '')}`);
    await Promise.all([rules.reload(), rules.reload()]);
  }
  running = false;
  await traffic;
  t.equal(undecided, 0);
});

t.test('a folder that is not there has no rules', async (t) => {
  const { rules } = await started(t, join(folder(t), 'none'), true);
  t.same(rules.problems, []);
  t.equal(await decides(rules), undefined);
});

t.test('the JSON Schema for editors is in step with the rules', async (t) => {
  t.equal(readFileSync(SCHEMA_FILE, 'utf8'), schemaText(), 'run: node server/core/rules/definition/generate.ts');
});

t.test('the shipped examples are right, name their schema, and none is active', async (t) => {
  const active = new RuleFiles(fileURLToPath(new URL('../../stubs/rules/', import.meta.url)));
  await active.read();
  t.same(active.rules, []);

  const path = folder(t);
  cpSync(EXAMPLES, join(path, 'examples'), { recursive: true });
  for (const name of readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'))) {
    cpSync(join(EXAMPLES, name), join(path, name));
    t.match(
      readFileSync(join(EXAMPLES, name), 'utf8'),
      /^# yaml-language-server: \$schema=\.\.\/\.\.\/rules\.schema\.json\n/,
    );
  }
  cpSync(join(EXAMPLES, 'in-typescript.ts'), join(path, 'in-typescript.ts'));
  const { rules } = await started(t, path);
  t.same(problemsOf(rules, path), []);
  const named = (await rules.list('default')).map(({ name }) => name);
  t.ok(named.length >= 11 && named.includes('the-young-are-refused'));
  const maintenance = await rules.evaluate(
    space(),
    facts({ service: 'mesh', mailbox: 'Z99901OT"001', asid: undefined }),
  );
  const body = JSON.parse(String(maintenance!.answer!.body)) as object;
  t.match(body, { mailbox: 'Z99901OT"001', since: '2026-03-01T09:00:00.000Z', until: '2026-03-01T11:00:00.000Z' });
});

/** A loop in a function of a rule that never waits: the process says where it stands, and ends, in place of standing still. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { startProcess } from '../persistence/process.ts';

/** Five processes, and loops that take all that the machine has. */
t.setTimeout(300_000);

const GAS = 'gas.vn03.national.ncrs.nhs.uk';

/** A file of the rules folder. */
const rule = (when: string, respond: string) =>
  `export default [{ name: 'loops', when: ${when}, do: { respond: ${respond} } }];\n`;

/** Runs the simulator over a rules folder with that file. */
async function start(t: { teardown(run: () => unknown): void }, name: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'rule-loops-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const rules = join(folder, 'stubs', 'rules');
  mkdirSync(rules, { recursive: true });
  writeFileSync(join(rules, name), text);
  const running = await startProcess(folder, ['--stubs-dir', join(folder, 'stubs')]);
  t.teardown(() => running.kill());
  return { ...running, rules, gone: once(running.child, 'close') };
}

const LOOPS: [what: string, file: string, line: string][] = [
  ['at once, in a condition', rule("{ service: 'gas', matches: () => {\n  for (;;);\n} }", '() => ({})'), '2'],
  [
    'after it has waited',
    rule(
      "{ service: 'gas' }",
      'async (exchange) => {\n  await exchange.patient();\n  let n = 0;\n  while (n < 1) n += 0;\n}',
    ),
    '4',
  ],
  // Where it goes on is told by where it begins.
  ['that waits for nothing', rule("{ service: 'gas' }", 'async () => {\n  while (true) await null;\n}'), '[12]'],
  [
    'in a search that tries everything',
    rule("{ service: 'gas' }", `() => ({\n  body: String(/^(a+)+$/.test('${'a'.repeat(60)}b')),\n})`),
    '2',
  ],
];

t.test('the simulator ends with file and line of the loop', { timeout: 200_000 }, async (t) => {
  const started = await Promise.all(LOOPS.map(([, file]) => start(t, 'endless.ts', file)));
  const told = LOOPS.map(async ([what, , line], index) => {
    const { spine, gone, errors } = started[index]!;
    await t.rejects(spine.ask(GAS, { path: '/login/dtd' }), what);
    await gone;
    t.match(errors(), new RegExp(`^A function of a rule at endless\\.ts:${line} has run for 5 seconds`, 'm'), what);
  });
  await Promise.all(told);
});

t.test('functions that wait are let go on; a file that loops is named', { timeout: 120_000 }, async (t) => {
  const waits = rule(
    "{ service: 'gas' }",
    'async () => { await new Promise((done) => setTimeout(done, 3_000)); return { status: 299 }; }',
  );
  const { spine, rules, gone, errors } = await start(t, 'waits.ts', waits);
  // At each moment of seven seconds one of them runs.
  const asked = [0, 2_000, 4_000].map(async (ms) => {
    await wait(ms);
    return (await spine.ask(GAS, { path: '/login/dtd' })).status;
  });
  t.same(await Promise.all(asked), [299, 299, 299]);
  writeFileSync(join(rules, 'top.ts'), '// A rule\nwhile (true);\nexport default [];\n');
  await gone;
  t.match(errors(), /at top\.ts:2 has run/);
});

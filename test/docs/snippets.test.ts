import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import t from 'tap';
import { startSpine } from '../helper.ts';
import { missingTools, runBash } from './shell.ts';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs').filter((name) => name.endsWith('.md'))].map(
  (name) => (existsSync(name) ? name : join('docs', name)),
);
const TOOLS = ['curl', 'openssl', 'ldapsearch', 'keytool', 'python3'];

interface Block {
  line: number;
  text: string;
}

/** The blocks that begin with "```sh run". */
function blocksOf(document: string): Block[] {
  const text = readFileSync(document, 'utf8');
  return [...text.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map((found) => ({
    line: text.slice(0, found.index).split('\n').length + 1,
    text: found[1]!,
  }));
}

/** A working copy in which a snippet may write: all links, but the folder of stubs is its own. */
function workingCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'spine-sim-docs-'));
  for (const name of ['node_modules', 'package.json', 'docs', 'server', 'certs', 'docker']) {
    symlinkSync(resolve(name), join(copy, name));
  }
  cpSync('stubs', join(copy, 'stubs'), { recursive: true });
  return copy;
}

/** npx takes most of a second to find the command, so one document is enough to prove that it does. */
const WITHOUT_NPX = 'npx() { "$@"; }';

/** One script of a document's blocks, so that later ones see what earlier ones set; says where it stopped. */
function scriptOf(document: string, blocks: Block[], ports: Map<string, number>): string {
  const lines = [
    'set -eE',
    document === 'README.md' ? '' : WITHOUT_NPX,
    `trap 'echo "FAILED in ${document}, block at line $at"' ERR`,
  ];
  for (const { line, text } of blocks) {
    lines.push(
      `at=${line}`,
      text.replace(/\b\d{4}\b/g, (number) => String(ports.get(number) ?? number)),
    );
  }
  return lines.join('\n');
}

/** Each block starts several programs, keytool among them, and other tests run beside. */
t.setTimeout(300_000);

t.test('the commands in the documentation work, in their order', async (t) => {
  const cwd = workingCopy();
  t.teardown(() => rmSync(cwd, { recursive: true, force: true }));
  const spine = await startSpine(t, { stubsDir: join(cwd, 'stubs') });
  const { https, http, ldaps, ldap, admin } = spine.environment.ports;
  const ports = new Map(Object.entries({ 8443: https, 8080: http, 8636: ldaps, 8389: ldap, 8900: admin }));

  for (const document of DOCUMENTS) {
    const blocks = blocksOf(document);
    if (blocks.length === 0) continue;
    await t.test(document, async (t) => {
      const used = TOOLS.filter((tool) => blocks.some(({ text }) => new RegExp(`\\b${tool}\\b`).test(text)));
      const missing = missingTools(used);
      if (missing && !process.env.CI) return void t.plan(0, missing);
      await spine.admin('POST', '/api/reset', {});
      const { code, output } = await runBash(scriptOf(document, blocks, ports), cwd, {
        SPINE_SIM_ADMIN_URL: `http://127.0.0.1:${admin}`,
      });
      if (code !== 0) t.comment(output);
      t.equal(code, 0, `${blocks.length} blocks`);
    });
  }
});

t.test('links between documents lead to files', async (t) => {
  const decisions = readdirSync('docs/decisions').map((name) => join('docs/decisions', name));
  for (const document of [...DOCUMENTS, ...decisions]) {
    for (const [, link] of readFileSync(document, 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (!link!.startsWith('http')) t.ok(existsSync(join(dirname(document), link!)), `${document}: ${link}`);
    }
  }
});

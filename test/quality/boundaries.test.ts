import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { breaches } from './boundaries.ts';

function checkout(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'));
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), source);
  }
  return root;
}

t.test('a service that imports another service is a breach, its own files are not', async (t) => {
  const root = checkout({
    'server/services/mesh/a.ts': "import { x } from '../ssp/b.ts';\nimport { y } from './b.ts';\n",
    'server/services/mesh/deep/c.ts': "import { x } from '../b.ts';\n",
  });
  t.match(breaches(root), [/^server\/services\/mesh\/a\.ts:1: a service never imports another service/]);
});

t.test(
  'core importing a service, an XML library elsewhere, the wall clock and random numbers are breaches',
  async (t) => {
    const root = checkout({
      'server/core/a.ts': "const x = await import('../services/mesh/b.ts');\n",
      'server/core/hl7/b.ts': "import { SaxesParser } from 'saxes';\n",
      'server/services/gas/c.ts': 'const now = Date.now();\nconst id = randomUUID();\n',
      'server/core/clock/d.ts': 'const now = Date.now();\n',
    });
    t.equal(breaches(root).length, 4);
  },
);

t.test('the project keeps its own boundaries', async (t) => {
  t.same(breaches(), []);
});

import { readFileSync } from 'node:fs';
import t from 'tap';
import { generatedFiles } from '../../docs/generate.ts';

t.test('the documentation that comes from code is in step with it (else run "npm run docs")', async (t) => {
  for (const [file, text] of await generatedFiles()) t.equal(readFileSync(file, 'utf8'), text, file);
});

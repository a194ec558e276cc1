/** Every check of a change tells developers what to do. */
import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import { UpdateFault } from '../../../server/core/demographics/update/fault.ts';
import { adviceForChange } from '../../../server/services/pds/advice.ts';

const SOURCES = ['server/services/pds/**/*.ts', 'server/core/demographics/**/*.ts'];
const NAMED = /(?:breaks\(\s*|one\('\w+', |onRemoval: )'([A-Z][A-Z0-9_]+)'/g;

t.test('no check of a change has but the advice for those without a name', async (t) => {
  const text = globSync(SOURCES).map((file) => readFileSync(file, 'utf8'));
  const rules = new Set(text.flatMap((source) => [...source.matchAll(NAMED)].map(([, rule]) => rule!)));
  t.ok(rules.size > 50, `${rules.size} checks`);
  const unnamed = adviceForChange(new UpdateFault('rule', 'something'));
  for (const rule of rules) t.not(adviceForChange(new UpdateFault('rule', 'something', rule)), unnamed, rule);
});

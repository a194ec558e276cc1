import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';

t.test('the network has the name that the documentation tells, whatever folder the repository lies in', async (t) => {
  const { networks } = parse(readFileSync('compose.yaml', 'utf8'));
  const told = readFileSync('docs/docker.md', 'utf8').match(/[\w-]+_default/g);
  t.strictSame([...new Set(told)], [networks.default.name]);
});

import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';

t.test('the network has the name that the documentation tells, whatever folder the repository lies in', async (t) => {
  const { networks } = parse(readFileSync('compose.yaml', 'utf8'));
  const told = readFileSync('docs/docker.md', 'utf8').match(/[\w-]+_default/g);
  t.strictSame([...new Set(told)], [networks.default.name]);
});

t.test('the recipes for containers of tests name ports that the image listens on', async (t) => {
  const image = /^EXPOSE (.*)$/m.exec(readFileSync('docker/Dockerfile', 'utf8'))![1]!.split(' ');
  const recipes = readFileSync('docs/testing.md', 'utf8');
  const calls = recipes.matchAll(
    /(?:xposedPorts|exposed_ports|WithPortBinding|getMappedPort|forPort|ForPort)\(([\d, ]+)/g,
  );
  const named = [...calls].flatMap(([, ports]) => ports!.match(/\d+/g)!);
  t.ok(named.length >= 10);
  t.strictSame(
    named.filter((port) => !image.includes(port)),
    [],
  );
});

/** Calls of the admin API that the documentation names are there. */
import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import { startSpine } from '../helper.ts';

const CALL = /\b(GET|POST|PUT|PATCH|DELETE) (\/api\/[\w./{}<>:-]*[\w}>])/g;

t.test('every call of the admin API in the documentation is one of its own', async (t) => {
  const spine = await startSpine(t);
  const { paths } = (await spine.admin('GET', '/openapi.json')).body as { paths: Record<string, object> };
  const known = Object.entries(paths).map(([path, methods]) => {
    const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);
    return { pattern, methods: Object.keys(methods).map((method) => method.toUpperCase()) };
  });
  const root = new URL('../../', import.meta.url);
  let calls = 0;
  for (const file of globSync(['*.md', 'docs/**/*.md', 'server/**/*.md', 'stubs/**/*.md'], { cwd: root })) {
    for (const [call, method, path] of readFileSync(new URL(file, root), 'utf8').matchAll(CALL)) {
      calls++;
      const isThere = known.some(({ pattern, methods }) => pattern.test(path!) && methods.includes(method!));
      if (!isThere) t.fail(`${file} names ${call}, which is not there`);
    }
  }
  t.ok(calls > 40, `${calls} calls`);
});

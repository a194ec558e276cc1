/** What a page says where to look: a folder's README names files that are there, and links lead somewhere. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';

const ROOT = join(import.meta.dirname, '../..');
const OURS = '{server,stubs,certs,docker,test,bench,docs}/**/*';

const sources = globSync(`${OURS}.ts`, { cwd: ROOT });
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync(`${OURS}.md`, { cwd: ROOT })];

/** In the folder itself, anywhere below it, or as seen from a folder above. */
function isThere(name: string, folder: string): boolean {
  if (sources.some((file) => file.startsWith(`${folder}/`) && file.endsWith(`/${name}`))) return true;
  for (let from = folder; ; from = dirname(from)) {
    if (existsSync(join(ROOT, from, name))) return true;
    if (from === '.') return false;
  }
}

t.test('source files that a README names are there', async (t) => {
  for (const page of pages.filter((each) => each.endsWith('/README.md'))) {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const names = new Set(Array.from(text.matchAll(/`([\w./-]+\.ts)`/g), ([, name]) => name!));
    const missing = [...names].filter((name) => !isThere(name, dirname(page)));
    t.same(missing, [], page);
  }
});

t.test('links within the repository lead somewhere', async (t) => {
  for (const page of pages) {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const targets = Array.from(text.matchAll(/\]\((?![a-z]+:)([^)#\s]+)[^)]*\)/g), ([, target]) => target!);
    const broken = targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)));
    t.same(broken, [], page);
  }
});

/**
 * Import boundaries as a linter: which folder may import what, and who may read the wall clock or draw random numbers.
 * Run by `npm run lint`; prints one line for each breach and exits with 1.
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

interface Rule {
  /** Files that the rule is about. */
  within: RegExp;
  /** Files that it spares. */
  except?: RegExp;
  /** Imported path (from the root) or package that is not allowed. */
  forbids?: (target: string, file: string) => boolean;
  /** Text that must not occur. */
  text?: RegExp;
  why: string;
}

const serviceOf = (path: string) => /^server\/services\/([^/]+)\//.exec(path)?.[1];

const RULES: Rule[] = [
  {
    within: /^server\/services\//,
    forbids: (target, file) => serviceOf(target) !== undefined && serviceOf(target) !== serviceOf(file),
    why: 'a service never imports another service: they meet in core',
  },
  {
    within: /^server\/core\//,
    forbids: (target) => /^server\/(services|listeners|admin|cli)\//.test(target),
    why: 'core never imports what is built on it',
  },
  {
    within: /^server\/services\//,
    forbids: (target) => /^server\/(listeners|admin|cli)\//.test(target),
    why: 'a service knows nothing of listeners, admin API and command line',
  },
  {
    within: /^server\//,
    except: /^server\/core\/xml\//,
    forbids: (target) => ['saxes', 'libxml2-wasm', 'xml2js'].includes(target),
    why: 'only core/xml imports XML libraries',
  },
  {
    within: /^server\//,
    except: /^server\/core\/clock\//,
    text: /\bDate\.now\(\)|\bnew Date\(\)/,
    why: 'only core/clock reads the wall clock',
  },
  {
    within: /^server\//,
    except: /^server\/(cli\/|core\/http\/nodeHttp)/,
    text: /^import (?!type\b).* from 'node:http'/,
    why: "core/http/nodeHttp gives Node's http without loading undici with it",
  },
  {
    within: /^server\//,
    except: /^server\/core\/(ids|pki)\//,
    text: /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(|\brandomInt\(/,
    why: 'only core/ids draws random numbers (core/pki makes keys)',
  },
];

const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

/** Every breach in the checkout, as `file:line: why (what)`. */
export function breaches(root = ROOT): string[] {
  const found: string[] = [];
  for (const path of globSync('server/**/*.ts', { cwd: root })) {
    const file = path.replaceAll('\\', '/');
    const source = readFileSync(join(root, file), 'utf8');
    for (const rule of RULES) {
      if (!rule.within.test(file) || rule.except?.test(file)) continue;
      source.split('\n').forEach((line, index) => {
        if (/^\s*(\*|\/\/|\/\*)/.test(line)) return;
        const breach = rule.text?.exec(line)?.[0] ?? forbiddenImport(rule, file, line);
        if (breach) found.push(`${file}:${index + 1}: ${rule.why} (${breach})`);
      });
    }
  }
  return found;
}

function forbiddenImport(rule: Rule, file: string, line: string): string | undefined {
  for (const [, specifier] of line.matchAll(IMPORT)) {
    const target = specifier!.startsWith('.') ? relative('.', join(dirname(file), specifier!)) : specifier!;
    if (rule.forbids?.(target, file)) return specifier;
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = breaches();
  for (const breach of found) console.error(breach);
  if (found.length > 0) process.exit(1);
  console.log('import boundaries hold');
}

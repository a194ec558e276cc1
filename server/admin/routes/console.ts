/** The console: a page over the admin API. Its files are read at the first request. */
import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';

const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'console.css': 'text/css; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'common.js': 'text/javascript; charset=utf-8',
  'mesh.html': 'text/html; charset=utf-8',
  'mesh.js': 'text/javascript; charset=utf-8',
  'certificates.html': 'text/html; charset=utf-8',
  'certificates.js': 'text/javascript; charset=utf-8',
  'assure.html': 'text/html; charset=utf-8',
  'assure.js': 'text/javascript; charset=utf-8',
};

const pathOf = (file: string): string => (file === 'index.html' ? '/' : `/${file.replace(/\.html$/, '')}`);

/** Paths that anyone may read: the page itself says nothing, its calls need the token. */
export const CONSOLE_PATHS = Object.keys(TYPES).map(pathOf);

/** Nothing but the page's own files and calls: what exchanges contain must never run. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'";

export function consoleRoutes(app: FastifyInstance): void {
  for (const [file, type] of Object.entries(TYPES)) {
    app.get(pathOf(file), { schema: { hide: true } }, async (_request, reply) => {
      const content = await readFile(new URL(`../console/${file}`, import.meta.url));
      return reply.header('Content-Security-Policy', POLICY).type(type).send(content);
    });
  }
}

/**
 * Calls of the admin API that a folder of stubs asks for at the start: `init/*.yaml`, in the order of their names, before the
 * simulator is ready.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ConfigError } from './config/load.ts';
import { SPACE_HEADER } from './core/space/space.ts';
import type { JsonSchema } from './core/yaml/schema.ts';
import { loadYaml } from './core/yaml/yaml.ts';

interface InitCall {
  /** `PUT /api/clock`. */
  call: string;
  space?: string;
  body?: unknown;
}

const SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['calls'],
  properties: {
    calls: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['call'],
        properties: {
          call: { type: 'string', pattern: '^(GET|PUT|POST|DELETE) /api/' },
          space: { type: 'string' },
          body: {},
        },
      },
    },
  },
};

const FILE = /^[^.].*\.ya?ml$/;

/** Returns how many calls were made. Throws ConfigError for a file that is wrong or a call that is refused. */
export async function runInitHooks(folder: string, admin: FastifyInstance, token: string | undefined): Promise<number> {
  if (!existsSync(folder)) return 0;
  let made = 0;
  for (const name of (await readdir(folder)).filter((file) => FILE.test(file)).sort()) {
    const path = join(folder, name);
    const { value, errors } = await loadYaml(path, SCHEMA);
    if (errors.length > 0) {
      throw new ConfigError(
        errors.map(({ line, column, message }) => ({ where: `${path}:${line}:${column}`, message })),
      );
    }
    for (const [index, wish] of ((value as { calls?: InitCall[] } | undefined)?.calls ?? []).entries()) {
      await make(admin, token, wish, `${path}: calls[${index}] ${wish.call}`);
      made++;
    }
  }
  return made;
}

async function make(admin: FastifyInstance, token: string | undefined, { call, space, body }: InitCall, where: string) {
  const [method, url] = call.split(' ') as ['GET' | 'PUT' | 'POST' | 'DELETE', string];
  const headers: Record<string, string> = { host: 'localhost' };
  if (space !== undefined) headers[SPACE_HEADER] = space;
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const payload = body === undefined ? {} : { payload: body as object };
  const answer = await admin.inject({ method, url, headers, ...payload });
  if (answer.statusCode < 400) return;
  const { message } = answer.json<{ message?: string }>();
  throw new ConfigError([{ where, message: `is refused with ${answer.statusCode}: ${message ?? ''}` }]);
}

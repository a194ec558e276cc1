/**
 * Fastify's own compilers of JSON Schema, loaded and run when a request first needs one: at start they would cost more than
 * a tenth of a second and several MiB, for routes that most runs never call.
 */
import { createRequire } from 'node:module';
import type { FastifyServerOptions } from 'fastify';

type SchemaController = NonNullable<FastifyServerOptions['schemaController']>;

type Validate = ((data: unknown) => boolean) & { errors?: unknown };
type Compile<Compiled> = (route: unknown) => Compiled;
type Build<Compiled> = (schemas: unknown, options: unknown) => Compile<Compiled>;

// They are Fastify's dependencies, not ours, and need not be installed beside it.
const ofFastify = createRequire(import.meta.resolve('fastify'));

const buildValidator: Build<Validate> = (schemas, options) => {
  let compile: Compile<Validate> | undefined;
  return (route) => {
    let made: Validate | undefined;
    const validate: Validate = (data) => {
      compile ??= (ofFastify('@fastify/ajv-compiler')() as Build<Validate>)(schemas, options);
      made ??= compile(route);
      // A text such as 1e400 becomes an infinite number, which no limit is compared with until it is judged as a number.
      const valid = made(data) && (!hasInfinity(data) || made(data));
      validate.errors = made.errors;
      return valid;
    };
    return validate;
  };
};

/** Whether a value at the top is infinite; those of query texts and paths are all there. */
const hasInfinity = (data: unknown): boolean =>
  Object.values(data ?? {}).some((value) => value === Infinity || value === -Infinity);

const buildSerializer: Build<(value: unknown) => string> = (schemas, options) =>
  ofFastify('@fastify/fast-json-stringify-compiler')()(schemas, options);

/** For `Fastify({ schemaController })`. A schema with a fault is found by its first request, not at start. */
export const LAZY_SCHEMAS = { compilersFactory: { buildValidator, buildSerializer } } as unknown as SchemaController;

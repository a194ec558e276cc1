/** Checks what a user wrote against a JSON Schema, all faults at once, and reads texts as the types that the schema names. */
import type { Path } from './document.ts';
import { nearest } from './nearest.ts';

/** The part of JSON Schema 2020-12 that our schemas use. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  title?: string;
  description?: string;
  examples?: unknown[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  patternProperties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** Stands in place of `pattern` here; editors only see `pattern`, which may be wider (for placeholders). */
  'x-pattern'?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
}

export interface SchemaFault {
  path: Path;
  message: string;
  suggestion?: string | undefined;
  /** The fault is the key, not its value. */
  atKey?: boolean;
}

export interface SchemaReading {
  /** The value with texts read as numbers and booleans where the schema has these; meaningful only without faults. */
  value: unknown;
  faults: SchemaFault[];
}

/** What a format makes of a text: the text to keep, or what is wrong with it. */
export type FormatReading = { value: string } | { fault: string; suggestion?: string | undefined };

/** Readers of the `format` keyword by its name; formats without a reader are left as they are. */
export type Formats = Record<string, (text: string) => FormatReading>;

/**
 * Reads a value that came from YAML, JSON or an environment variable. What is absent and has a `default` gets it.
 * `path` is where the value stands, for the faults.
 */
export function readBySchema(
  schema: JsonSchema,
  value: unknown,
  formats: Formats = {},
  path: Path = [],
): SchemaReading {
  const faults: SchemaFault[] = [];
  const reader = new Reader(schema, formats, faults);
  return { value: reader.read(schema, value, path), faults };
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = new RegExp(pattern, 'u');
    patterns.set(pattern, compiled);
  }
  return compiled.test(text);
}

class Reader {
  #root: JsonSchema;
  #formats: Formats;
  #faults: SchemaFault[];

  constructor(root: JsonSchema, formats: Formats, faults: SchemaFault[]) {
    this.#root = root;
    this.#formats = formats;
    this.#faults = faults;
  }

  read(schema: JsonSchema, value: unknown, path: Path): unknown {
    const target = this.#follow(schema);
    if (target.anyOf) return this.#anyOf(target, value, path);
    if (target.const !== undefined) return this.#oneOf([target.const], value, path);
    if (target.enum) return this.#oneOf(target.enum, value, path);
    switch (target.type) {
      case 'object':
        return this.#object(target, value, path);
      case 'array':
        return this.#array(target, value, path);
      case 'string':
        return this.#string(target, value, path);
      case 'integer':
      case 'number':
        return this.#number(target, value, path);
      case 'boolean':
        return this.#boolean(value, path);
      default:
        return value;
    }
  }

  #follow(schema: JsonSchema): JsonSchema {
    if (!schema.$ref) return schema;
    const name = schema.$ref.replace(/^#\/\$defs\//, '');
    const target = this.#root.$defs?.[name];
    if (!target) throw new Error(`the schema has no definition "${schema.$ref}"`);
    return this.#follow(target);
  }

  #fault(path: Path, message: string, suggestion?: string, atKey = false): void {
    this.#faults.push({ path, message, suggestion, atKey });
  }

  /** The first alternative without faults; a list of constants is told as one list. */
  #anyOf(schema: JsonSchema, value: unknown, path: Path): unknown {
    const alternatives = schema.anyOf!.map((alternative) => this.#follow(alternative));
    if (alternatives.every((alternative) => alternative.const !== undefined)) {
      return this.#oneOf(
        alternatives.map((alternative) => alternative.const),
        value,
        path,
      );
    }
    let fewest: SchemaFault[] | undefined;
    for (const alternative of alternatives) {
      const faults: SchemaFault[] = [];
      const result = new Reader(this.#root, this.#formats, faults).read(alternative, value, path);
      if (faults.length === 0) return result;
      // The alternative of the same kind (mapping, list or text) is the one that was meant.
      if (!fewest || kindOf(alternative) === kindOfValue(value)) fewest = faults;
    }
    for (const fault of fewest ?? []) this.#faults.push(fault);
    return value;
  }

  #oneOf(allowed: unknown[], value: unknown, path: Path): unknown {
    const found = allowed.find((option) => option === value || (typeof value === 'string' && String(option) === value));
    if (found !== undefined) return found;
    const names = allowed.map(String);
    const guess = typeof value === 'string' ? nearest(value, names) : undefined;
    const list = names.map((name) => JSON.stringify(name)).join(', ');
    this.#fault(
      path,
      names.length === 1 ? `must be ${list}, not ${show(value)}` : `must be one of ${list}, not ${show(value)}`,
      guess === undefined ? undefined : `did you mean "${guess}"?`,
    );
    return value;
  }

  #object(schema: JsonSchema, value: unknown, path: Path): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      // An empty YAML value is an empty mapping when nothing in it is required.
      if (value === '' && !schema.required?.length) return {};
      this.#fault(path, `must be a mapping of names to values, not ${show(value)}`);
      return value;
    }
    const properties = schema.properties ?? {};
    const result: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      const known = Object.hasOwn(properties, name) ? properties[name] : this.#byPattern(schema, name);
      if (known) result[name] = this.read(known, item, [...path, name]);
      else if (schema.additionalProperties === false) {
        const guess = nearest(name, Object.keys(properties));
        const hint = guess ? `did you mean "${guess}"?` : `known here: ${Object.keys(properties).join(', ')}`;
        this.#fault([...path, name], `"${name}" is not known here`, hint, true);
      } else if (typeof schema.additionalProperties === 'object') {
        result[name] = this.read(schema.additionalProperties, item, [...path, name]);
      } else result[name] = item;
    }
    for (const [name, property] of Object.entries(properties)) {
      if (result[name] === undefined && property.default !== undefined) {
        result[name] = this.read(property, structuredClone(property.default), [...path, name]);
      }
    }
    for (const name of schema.required ?? []) {
      if (result[name] === undefined) this.#fault(path, `"${name}" is missing`, this.#example(properties[name]));
    }
    return result;
  }

  #byPattern(schema: JsonSchema, name: string): JsonSchema | undefined {
    const entry = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => matches(pattern, name));
    return entry?.[1];
  }

  #array(schema: JsonSchema, value: unknown, path: Path): unknown {
    if (!Array.isArray(value)) {
      if (value === '' && !schema.minItems) return [];
      this.#fault(path, `must be a list, not ${show(value)}`, 'write [one, two] or one "- item" per line');
      return value;
    }
    if (schema.minItems === schema.maxItems && schema.minItems !== undefined && value.length !== schema.minItems) {
      this.#fault(path, `must have exactly ${schema.minItems} items, has ${value.length}`);
    } else if (schema.minItems !== undefined && value.length < schema.minItems) {
      this.#fault(path, `must have at least ${schema.minItems} items, has ${value.length}`);
    } else if (schema.maxItems !== undefined && value.length > schema.maxItems) {
      this.#fault(path, `must have at most ${schema.maxItems} items, has ${value.length}`);
    }
    const items = schema.items;
    return items ? value.map((item, index) => this.read(items, item, [...path, index])) : value;
  }

  #string(schema: JsonSchema, value: unknown, path: Path): unknown {
    if (typeof value !== 'string') {
      this.#fault(path, `must be a text, not ${show(value)}`, this.#example(schema));
      return value;
    }
    if (schema.minLength !== undefined && value.length < schema.minLength) {
      const least = schema.minLength === 1 ? 'must not be empty' : `must have at least ${schema.minLength} characters`;
      this.#fault(path, least, this.#example(schema));
    } else if (schema.maxLength !== undefined && value.length > schema.maxLength) {
      this.#fault(path, `must have at most ${schema.maxLength} characters, has ${value.length}`);
    } else {
      const pattern = schema['x-pattern'] ?? schema.pattern;
      if (pattern === undefined || matches(pattern, value)) return this.#format(schema, value, path);
      const what = schema.description ? `must be ${lowerFirst(schema.description)}` : `must match ${pattern}`;
      this.#fault(path, `${what}; it is ${show(value)}`, this.#example(schema));
    }
    return value;
  }

  #format(schema: JsonSchema, value: string, path: Path): string {
    const reader = schema.format === undefined ? undefined : this.#formats[schema.format];
    const reading = reader?.(value);
    if (!reading) return value;
    if ('value' in reading) return reading.value;
    this.#fault(path, reading.fault, reading.suggestion ?? this.#example(schema));
    return value;
  }

  #number(schema: JsonSchema, value: unknown, path: Path): unknown {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const whole = schema.type === 'integer';
    if (typeof number !== 'number' || !Number.isFinite(number) || (whole && !Number.isInteger(number))) {
      this.#fault(path, `must be a ${whole ? 'whole ' : ''}number, not ${show(value)}`, this.#example(schema));
      return value;
    }
    if (schema.minimum !== undefined && number < schema.minimum)
      this.#fault(path, `must be at least ${schema.minimum}`);
    if (schema.maximum !== undefined && number > schema.maximum) this.#fault(path, `must be at most ${schema.maximum}`);
    return number;
  }

  #boolean(value: unknown, path: Path): unknown {
    if (typeof value === 'boolean') return value;
    if (value === 'true') return true;
    if (value === 'false') return false;
    this.#fault(path, `must be true or false, not ${show(value)}`);
    return value;
  }

  #example(schema: JsonSchema | undefined): string | undefined {
    const example = schema && this.#follow(schema).examples?.[0];
    return example === undefined ? undefined : `for example ${JSON.stringify(example)}`;
  }
}

/** Texts longer than this are cut in a message. */
const SHOWN_LENGTH = 60;

function show(value: unknown): string {
  if (value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text;
}

function kindOf(schema: JsonSchema): string {
  return schema.type === 'object' || schema.type === 'array' ? schema.type : 'scalar';
}

function kindOfValue(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' && value !== null ? 'object' : 'scalar';
}

function lowerFirst(text: string): string {
  const rest = text.slice(1).replace(/\.$/, '');
  // A code or an abbreviation stays as it is.
  return (/^[a-z]/.test(rest) ? text.charAt(0).toLowerCase() : text.charAt(0)) + rest;
}

/**
 * Many records from one: an item of a list with `copies: 55` (or a list of values to fill in) stands for that many items.
 * In each text of the copy `{n}` is its number from 1, `{n:4}` the same with four digits, `{nhs:9996090000}` the n-th valid
 * NHS number from there on, `{name}` the value of that name.
 */
import type { Path } from '../../yaml/document.ts';
import type { SchemaFault } from '../../yaml/schema.ts';
import { nthNhsNumber } from '../nhsNumber.ts';

/** A mistyped number must not fill the memory. */
const MAX_COPIES = 10_000;

/** The deepest record (a patient's related person's address lines) has eight levels; hostile ones have thousands. */
const MAX_DEPTH = 40;

export interface Expansion {
  value: unknown;
  faults: SchemaFault[];
  /** From a path in the expanded value to the path in what was written. */
  origin(path: Path): Path;
}

type Variables = Record<string, string>;

export function expandCopies(written: unknown): Expansion {
  const faults: SchemaFault[] = [];
  const indexes = new WeakMap<unknown[], number[]>();
  const seen = new Map<object, unknown>();

  function expand(value: unknown, path: Path): unknown {
    if (typeof value !== 'object' || value === null) return value;
    // An anchor that is used in many places is expanded once.
    const known = seen.get(value);
    if (known !== undefined) return known;
    if (path.length > MAX_DEPTH) {
      faults.push({ path: path.slice(0, 3), message: 'is nested too deeply' });
      return '';
    }
    const result = Array.isArray(value)
      ? list(value, path)
      : Object.fromEntries(Object.entries(value).map(([name, item]) => [name, expand(item, [...path, name])]));
    seen.set(value, result);
    return result;
  }

  function list(items: unknown[], path: Path): unknown[] {
    const result: unknown[] = [];
    const origins: number[] = [];
    for (const [index, item] of items.entries()) {
      const here = [...path, index];
      const inner = expand(item, here);
      for (const copy of copiesOf(inner, here)) {
        result.push(copy);
        origins.push(index);
      }
    }
    indexes.set(result, origins);
    return result;
  }

  function copiesOf(item: unknown, path: Path): unknown[] {
    if (typeof item !== 'object' || item === null || !('copies' in item)) return [item];
    const { copies, ...record } = item as { copies: unknown } & Record<string, unknown>;
    const sets = variableSets(copies, path);
    return sets.map((variables, index) => fill(record, variables, index + 1, path));
  }

  function variableSets(copies: unknown, path: Path): Variables[] {
    if (Array.isArray(copies)) return copies.filter((set) => typeof set === 'object' && set !== null);
    const count = Number(copies);
    if (Number.isInteger(count) && count >= 1 && count <= MAX_COPIES) return Array.from({ length: count }, () => ({}));
    faults.push({ path: [...path, 'copies'], message: `must be a number from 1 to ${MAX_COPIES} or a list of values` });
    return [];
  }

  function fill(value: unknown, variables: Variables, n: number, path: Path): unknown {
    if (typeof value === 'string') return fillText(value, variables, n, path);
    if (Array.isArray(value)) {
      const filled = value.map((item) => fill(item, variables, n, path));
      const origins = indexes.get(value);
      if (origins) indexes.set(filled, origins);
      return filled;
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fill(item, variables, n, path)]));
  }

  function fillText(text: string, variables: Variables, n: number, path: Path): string {
    // Brace lists of interactions (`A{x y}`) have blanks inside and are left alone, as is what is filled in later.
    return text.replaceAll(/\{([a-zA-Z]+)(?::(\d+))?\}/g, (whole, name: string, argument: string | undefined) => {
      if (name === 'n') return String(n).padStart(Number(argument ?? 1), '0');
      if (name === 'nhs' && argument?.length === 10) return nthNhsNumber(argument, n - 1);
      if (Object.hasOwn(variables, name)) return variables[name]!;
      if (argument !== undefined)
        faults.push({ path, message: `"${whole}" is no placeholder`, suggestion: '{n}, {n:4}, {nhs:9996090000}' });
      return whole;
    });
  }

  const value = expand(written, []);
  return { value, faults, origin: (path) => translate(value, path, indexes) };
}

function translate(root: unknown, path: Path, indexes: WeakMap<unknown[], number[]>): Path {
  let node = root;
  return path.map((part) => {
    const at = Array.isArray(node) ? (indexes.get(node)?.[Number(part)] ?? part) : part;
    node = (node as Record<string | number, unknown> | undefined)?.[part];
    return at;
  });
}

/** Pages of lists: sizes, tokens that say where the next one begins, and the links that carry them. */
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { InvalidField } from './messages/errorBody.ts';

/** Shortest and longest `continue_from`, in characters, as the API specification has them. */
const TOKEN_LENGTHS = { min: 24, max: 1000 };

/**
 * A token that stands for the last row of a page. It says the row's place in the store, so it is good for as long as the
 * store is: over a restart, and when the message itself has left the list.
 */
export function pageToken(seq: number, id: string): string {
  return Buffer.from(JSON.stringify({ seq, id, v: 1 })).toString('base64url');
}

/** The place that a token stands for; undefined if it was not made by `pageToken`. */
export function tokenPlace(token: string): number | undefined {
  try {
    const { seq } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { seq?: unknown };
    return typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : undefined;
  } catch {
    return undefined;
  }
}

/** A whole number of the query within its range; the fallback when it is absent. */
export function queryInteger(
  exchange: HttpExchange,
  name: string,
  { min, max, fallback }: { min: number; max: number; fallback: number },
): number | InvalidField {
  const text = exchange.query.get(name);
  if (text === null || text === '') return fallback;
  if (!/^[+-]?\d+$/.test(text.trim())) {
    return {
      loc: ['query', name],
      msg: 'Input should be a valid integer, unable to parse string as an integer',
      type: 'int_parsing',
    };
  }
  const value = Number(text);
  if (value < min)
    return { loc: ['query', name], msg: `Input should be greater than or equal to ${min}`, type: 'greater_than_equal' };
  if (value > max)
    return { loc: ['query', name], msg: `Input should be less than or equal to ${max}`, type: 'less_than_equal' };
  return value;
}

/** A text of the query within its lengths; undefined when it is absent or empty. */
export function queryText(
  exchange: HttpExchange,
  name: string,
  { min, max }: { min: number; max: number },
): string | undefined | InvalidField {
  const text = exchange.query.get(name);
  if (text === null || text === '') return undefined;
  if (text.length < min) {
    return { loc: ['query', name], msg: `String should have at least ${min} characters`, type: 'string_too_short' };
  }
  if (text.length > max) {
    return { loc: ['query', name], msg: `String should have at most ${max} characters`, type: 'string_too_long' };
  }
  return text;
}

export function queryToken(exchange: HttpExchange): string | undefined | InvalidField {
  return queryText(exchange, 'continue_from', TOKEN_LENGTHS);
}

export const UNREADABLE_TOKEN: InvalidField = {
  loc: ['query', 'continue_from'],
  msg: 'not a token of an earlier page',
  type: 'value_error',
};

/** A root-relative link: clients append it to the base address as it stands. */
export function link(path: string, query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** What templates see, and the helpers that they call. */
import type { JSONPathQuery } from 'json-p3';
import { durationMs } from '../../clock/duration.ts';
import { formatLondonTimestamp, formatTimestamp, formatZulu } from '../../hl7/timestamp.ts';
import type { XPathQuery } from '../../xml/xpath.ts';
import type { RuleSpace } from '../decision.ts';
import { FIELD_NAMES } from '../definition/fields.ts';
import { fieldOf } from '../facts.ts';
import { type FactsReading, jsonText } from '../reading.ts';

/** Longest run of digits that a template may ask for. */
const MAX_DRAWN = 1_000;

/** Names that a template may use by themselves. */
export const CONTEXT_NAMES: readonly string[] = [...FIELD_NAMES, 'space', 'body', 'json', 'form', 'ldap', 'patient'];

/** Every fact is read when the template asks for it. */
export function contextOf(reading: FactsReading, space: RuleSpace, patient: unknown): object {
  const context = { space: space.name, ldap: reading.facts.ldap, patient };
  for (const field of FIELD_NAMES) {
    Object.defineProperty(context, field, { enumerable: true, get: () => fieldOf(reading.facts, field) });
  }
  Object.defineProperty(context, 'body', { enumerable: true, get: () => reading.body });
  Object.defineProperty(context, 'json', { enumerable: true, get: () => reading.json });
  Object.defineProperty(context, 'form', { enumerable: true, get: () => reading.form });
  return context;
}

export interface Queries {
  xpaths: ReadonlyMap<string, XPathQuery>;
  jsonPaths: ReadonlyMap<string, JSONPathQuery>;
}

export const HELPER_NAMES: readonly string[] = [
  ...['if', 'unless', 'each', 'with', 'lookup', 'now', 'uuid', 'digits', 'hex', 'header', 'query', 'field'],
  ...['xpath', 'xpathAll', 'jsonPath', 'jsonPathAll', 'world', 'raw', 'toJson', 'eq'],
];

const FORMATS: Record<string, (time: number) => string> = {
  hl7: (time) => formatTimestamp(time),
  hl7Local: (time) => formatLondonTimestamp(time),
  ebxml: (time) => formatZulu(time),
  iso: (time) => new Date(time).toISOString(),
  date: (time) => new Date(time).toISOString().slice(0, 10),
  http: (time) => new Date(time).toUTCString(),
};

export const TIME_FORMATS: readonly string[] = Object.keys(FORMATS);

type HelperOptions = { hash?: Record<string, unknown> };

/** The helpers over one exchange; `queries` holds every expression that the template uses. */
export function helpersOf(reading: FactsReading, space: RuleSpace, queries: Queries) {
  const { facts } = reading;
  const xpathAll = (expression: string) => [...reading.xpath(queries.xpaths.get(expression)!).values];
  const jsonPathAll = (expression: string) => [...reading.jsonPath(queries.jsonPaths.get(expression)!).values];
  return {
    /** `{{now}}`, `{{now format="hl7" add="-PT5M"}}`: simulated time. */
    now: ({ hash = {} }: HelperOptions) => {
      const shift = hash.add === undefined ? 0 : durationMs(String(hash.add));
      if (shift === undefined) throw new Error(`"${hash.add}" is not a duration such as PT5M`);
      const format = FORMATS[String(hash.format ?? 'iso')];
      if (!format) throw new Error(`"${hash.format}" is not a format of now: ${TIME_FORMATS.join(', ')}`);
      return format(space.clock.now() + shift);
    },
    uuid: () => space.ids.uuid(),
    digits: (length: unknown) => space.ids.digits(drawn(length)),
    hex: (length: unknown) => space.ids.hex(drawn(length)),
    header: (name: unknown) => facts.header?.(String(name)) ?? '',
    query: (name: unknown) => facts.query?.getAll(String(name))[0] ?? '',
    field: (name: unknown) => (Object.hasOwn(reading.form, String(name)) ? reading.form[String(name)] : ''),
    xpath: (expression: string) => xpathAll(expression)[0] ?? '',
    xpathAll,
    jsonPath: (expression: string) => jsonPathAll(expression)[0] ?? '',
    jsonPathAll,
    /** `{{#with (world "systems" asid)}}...{{/with}}`. */
    world: (kind: unknown, id: unknown) => {
      const table = (space.world as unknown as Record<string, { get(id: string): unknown } | undefined>)[String(kind)];
      return table?.get(String(id));
    },
    toJson: (value: unknown) => JSON.stringify(value) ?? 'null',
    raw: (value: unknown) => jsonText(value ?? ''),
    eq: (a: unknown, b: unknown) => String(a) === String(b),
  };
}

function drawn(length: unknown): number {
  const count = Number(length);
  if (!Number.isInteger(count) || count < 1 || count > MAX_DRAWN) {
    throw new Error(`digits and hex take a length from 1 to ${MAX_DRAWN}`);
  }
  return count;
}

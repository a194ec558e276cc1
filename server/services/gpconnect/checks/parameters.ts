/** A Parameters resource: which parameters and parts it has, each of the right kind. */

import { isDay } from '../../../core/fhir/datatypes.ts';
import { FhirRefusal } from '../../../core/fhir/refusal.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { refuse } from '../errors.ts';
import { ID } from '../profiles.ts';
import { checkedNhsNumber } from './identifier.ts';

/** A list: a code, one of those. */
export type PartKind = 'boolean' | 'date' | 'period' | 'positive' | readonly string[];

export interface ParameterRule {
  parts: Record<string, PartKind>;
  /** Parts that must be there. */
  required?: string[];
  /** Parts of which only one may be there. */
  exclusive?: string[];
  /** May be given more than once. */
  repeats?: boolean;
}

export type PartValue = string | number | boolean | { start?: string; end?: string };

export type Parts = Record<string, PartValue>;

/** Of each parameter that was asked for its parts by name, once for each time that it was given. */
export type Asked = Map<string, Parts[]>;

/** What a provider could not heed, told in the OperationOutcome of a bundle that has the rest. */
export interface ParameterWarning {
  kind: 'unrecognised' | 'invalid-date';
  /** `<parameter>` or `<parameter>.<part>` */
  locus: string;
}

/** What becomes of parameters that are not heeded: settings of the providers. */
export interface ParameterPolicy {
  unknown: 'warn' | 'ignore' | 'refuse';
  dates: 'refuse' | 'warn';
}

/** Each unknown one is told in the answer and in the journal; a real request has a dozen or two. */
const MAX_PARAMETERS = 500;

interface RawParameter {
  name?: unknown;
  part?: unknown;
  [value: `value${string}`]: unknown;
}

const objects = (value: unknown): RawParameter[] =>
  Array.isArray(value) ? value.filter((item): item is RawParameter => typeof item === 'object' && item !== null) : [];

/** FHIR has a text there. */
const nameOf = ({ name }: RawParameter): string =>
  typeof name === 'string' ? name : refuse('invalidParameter', 'A parameter or a part of one has no name');

export interface ParametersReading {
  nhsNumber: string;
  asked: Asked;
  warnings: ParameterWarning[];
}

interface Reader {
  exchange: HttpExchange;
  today: string;
  policy: ParameterPolicy;
  warnings: ParameterWarning[];
}

/** Reads patientNHSNumber and the parameters of the rules. 422 INVALID_RESOURCE and INVALID_PARAMETER. */
export function readParameters(
  exchange: HttpExchange,
  body: Resource,
  rules: Record<string, ParameterRule>,
  today: string,
  policy: ParameterPolicy,
): ParametersReading {
  if (body.resourceType !== 'Parameters') refuse('invalidResource', `The body is ${body.resourceType}, not Parameters`);
  const parameters = objects(body.parameter);
  const count = parameters.reduce((sum, { part }) => sum + 1 + objects(part).length, 0);
  if (count > MAX_PARAMETERS) refuse('invalidResource', `There are more than ${MAX_PARAMETERS} parameters and parts`);
  const nhsNumber = patientNumber(parameters);
  const asked: Asked = new Map();
  const reader: Reader = { exchange, today, policy, warnings: [] };
  for (const parameter of parameters) {
    const name = nameOf(parameter);
    if (name === 'patientNHSNumber') continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      unrecognised(reader, name);
      continue;
    }
    const before = asked.get(name);
    if (before && !rule.repeats) refuse('invalidParameter', `The parameter ${name} is given more than once`);
    const parts = readParts(reader, name, parameter, rule);
    if (parts) asked.set(name, [...(before ?? []), parts]);
  }
  const { warnings } = reader;
  // A provider of the later versions answers with what it understood, if need be with the patient alone.
  if (asked.size === 0 && warnings.length === 0 && policy.unknown !== 'warn') {
    refuse('invalidParameter', `There must be at least one of ${Object.keys(rules).join(', ')}`);
  }
  return { nhsNumber, asked, warnings };
}

function unrecognised({ exchange, policy, warnings }: Reader, locus: string): void {
  if (policy.unknown === 'refuse') refuse('invalidParameter', `${locus} is an unrecognised parameter`);
  exchange.step('parameter', 'info', `${locus} is not known, and left aside`);
  if (policy.unknown === 'warn') warnings.push({ kind: 'unrecognised', locus });
}

function patientNumber(parameters: RawParameter[]): string {
  const given = parameters.filter(({ name }) => name === 'patientNHSNumber');
  if (given.length !== 1) refuse('invalidParameter', 'There must be one parameter patientNHSNumber');
  const identifier = given[0]!.valueIdentifier as { system?: unknown; value?: unknown } | undefined;
  if (typeof identifier?.value !== 'string' || identifier.value === '') {
    refuse('invalidParameter', 'patientNHSNumber has no valueIdentifier with a value');
  }
  if (identifier.system !== ID.nhsNumber) {
    refuse('invalidIdentifierSystem', `The system of patientNHSNumber must be ${ID.nhsNumber}`);
  }
  return checkedNhsNumber(identifier.value);
}

/** Undefined when the parameter can't be heeded, which a warning says. */
function readParts(
  reader: Reader,
  name: string,
  parameter: RawParameter,
  { parts, required = [], exclusive = [] }: ParameterRule,
): Parts | undefined {
  const values: Parts = {};
  let heeded = true;
  for (const part of objects(parameter.part)) {
    const partName = nameOf(part);
    const locus = `${name}.${partName}`;
    if (!Object.hasOwn(parts, partName)) {
      unrecognised(reader, locus);
      continue;
    }
    if (partName in values) refuse('invalidParameter', `${locus} is given more than once`);
    const value = readPart(reader, part, parts[partName]!, locus);
    if (value === undefined) heeded = false;
    else values[partName] = value;
  }
  for (const partName of required) {
    if (!(partName in values)) refuse('invalidParameter', `${name} must have the part ${partName}`);
  }
  if (exclusive.filter((partName) => partName in values).length > 1) {
    refuse('invalidResource', `${name} may have only one of ${exclusive.join(' and ')}`);
  }
  return heeded ? values : undefined;
}

function readPart({ today, policy, warnings }: Reader, part: RawParameter, kind: PartKind, locus: string) {
  try {
    return typeof kind === 'string' ? READERS[kind](part, locus, today) : readCode(part, locus, kind);
  } catch (error) {
    const dated = kind === 'date' || kind === 'period';
    if (!(error instanceof FhirRefusal) || !dated || policy.dates === 'refuse') throw error;
    warnings.push({ kind: 'invalid-date', locus });
    return undefined;
  }
}

type PartReader = (part: RawParameter, name: string, today: string) => PartValue;

function readCode({ valueCode: value }: RawParameter, name: string, codes: readonly string[]): PartValue {
  if (typeof value === 'string' && codes.includes(value)) return value;
  return refuse('invalidParameter', `${name} must be a valueCode, one of ${codes.join(', ')}`);
}

const READERS: Record<Extract<PartKind, string>, PartReader> = {
  boolean: ({ valueBoolean: value }, name) =>
    typeof value === 'boolean' ? value : refuse('invalidParameter', `${name} must be a valueBoolean`),
  positive: (part, name) => {
    const value = part.valuePositiveInt ?? part.valueInteger;
    const good = typeof value === 'number' && Number.isInteger(value) && value > 0;
    return good ? value : refuse('invalidParameter', `${name} must be a valuePositiveInt`);
  },
  date: ({ valueDate: value }, name, today) => wholeDate(value, name, today, name.endsWith('SearchFromDate')),
  period: ({ valuePeriod: value }, name, today) => {
    const { start, end } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
    if (start === undefined && end === undefined) refuse('invalidParameter', `${name} must be a valuePeriod`);
    const from = start === undefined ? undefined : wholeDate(start, `${name}.start`, today, true);
    const to = end === undefined ? undefined : wholeDate(end, `${name}.end`, today, true);
    if (from && to && from > to) refuse('invalidParameter', `${name} ends before it starts`);
    return { ...(from ? { start: from } : {}), ...(to ? { end: to } : {}) };
  },
};

/** A whole date that a calendar has. */
function wholeDate(value: unknown, name: string, today: string, past: boolean): string {
  const good = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDay(value);
  if (!good) refuse('invalidParameter', `${name} must be a whole date, as 2024-01-31`);
  if (past && value > today) refuse('invalidParameter', `${name} is ${value}, which lies in the future`);
  return value;
}

/** A Parameters resource: which parameters and parts it has, each of the right kind. */

import type { Resource } from '../../../core/fhir/resource.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { refuse } from '../errors.ts';
import { ID } from '../profiles.ts';
import { checkedNhsNumber } from './identifier.ts';

export type PartKind = 'boolean' | 'date' | 'period' | 'positive' | 'code';

export interface ParameterRule {
  parts: Record<string, PartKind>;
  /** Parts that must be there. */
  required?: string[];
}

export type PartValue = string | number | boolean | { start?: string; end?: string };

/** Parts by name, of each parameter that was asked for. */
export type Asked = Map<string, Record<string, PartValue>>;

interface RawParameter {
  name?: unknown;
  part?: unknown;
  [value: `value${string}`]: unknown;
}

const objects = (value: unknown): RawParameter[] =>
  Array.isArray(value) ? value.filter((item): item is RawParameter => typeof item === 'object' && item !== null) : [];

export interface ParametersReading {
  nhsNumber: string;
  asked: Asked;
}

/** Reads patientNHSNumber and the parameters of the rules; others are noted in the journal and left aside. */
export function readParameters(
  exchange: HttpExchange,
  body: Resource,
  rules: Record<string, ParameterRule>,
  today: string,
): ParametersReading {
  if (body.resourceType !== 'Parameters') refuse('invalidResource', `The body is ${body.resourceType}, not Parameters`);
  const parameters = objects(body.parameter);
  const nhsNumber = patientNumber(parameters);
  const asked: Asked = new Map();
  for (const parameter of parameters) {
    const name = String(parameter.name);
    if (name === 'patientNHSNumber') continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      exchange.step('parameter', 'info', `${name} is not known, and left aside`);
      continue;
    }
    if (asked.has(name)) refuse('invalidParameter', `The parameter ${name} is given more than once`);
    asked.set(name, readParts(exchange, name, parameter, rule, today));
  }
  if (asked.size === 0) refuse('invalidParameter', `There must be at least one of ${Object.keys(rules).join(', ')}`);
  return { nhsNumber, asked };
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

function readParts(
  exchange: HttpExchange,
  name: string,
  parameter: RawParameter,
  { parts, required = [] }: ParameterRule,
  today: string,
): Record<string, PartValue> {
  const values: Record<string, PartValue> = {};
  for (const part of objects(parameter.part)) {
    const partName = String(part.name);
    if (!Object.hasOwn(parts, partName)) {
      exchange.step('parameter', 'info', `${name}.${partName} is not known, and left aside`);
      continue;
    }
    if (partName in values) refuse('invalidParameter', `${name}.${partName} is given more than once`);
    values[partName] = READERS[parts[partName]!](part, `${name}.${partName}`, today);
  }
  for (const partName of required) {
    if (!(partName in values)) refuse('invalidParameter', `${name} must have the part ${partName}`);
  }
  return values;
}

type PartReader = (part: RawParameter, name: string, today: string) => PartValue;

const READERS: Record<PartKind, PartReader> = {
  boolean: ({ valueBoolean: value }, name) =>
    typeof value === 'boolean' ? value : refuse('invalidParameter', `${name} must be a valueBoolean`),
  code: ({ valueCode: value }, name) =>
    typeof value === 'string' && value !== '' ? value : refuse('invalidParameter', `${name} must be a valueCode`),
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
  const good = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDate(value);
  if (!good) refuse('invalidParameter', `${name} must be a whole date, as 2024-01-31`);
  if (past && value > today) refuse('invalidParameter', `${name} is ${value}, which lies in the future`);
  return value;
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

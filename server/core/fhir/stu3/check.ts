/**
 * Whether a resource is built as STU3 says: known elements only, each as often and of the form that its type has, nothing empty.
 * Of value sets the binding ones of codes; invariants and references are not looked at.
 */
import { isNarrative } from '../narrative.ts';
import type { Resource } from '../resource.ts';
import { type Definition, definitionOf, type ElementDefinition } from './definitions.ts';

export interface StructureProblem {
  /** As in FHIRPath: `Appointment.participant[0].status`. */
  path: string;
  message: string;
}

/** Message of an element that STU3 does not have there. */
export const UNKNOWN_ELEMENT = 'is no element of STU3 here';

/** Deeper resources are made to hurt. */
const MAX_DEPTH = 64;

/** After so many problems the rest tells nothing new. */
const MAX_PROBLEMS = 100;

const DATE = String.raw`\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?`;
const TIME = String.raw`([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?`;
const ZONE = String.raw`(Z|[+-]\d\d:\d\d)`;

/** STU3 data types, regular expressions of the primitives. */
const FORMS: Record<string, RegExp> = {
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  code: /^\S+( \S+)*$/,
  uri: /^\S+$/,
  date: new RegExp(`^${DATE}$`),
  dateTime: new RegExp(`^${DATE}(T${TIME}${ZONE})?$`),
  instant: new RegExp(String.raw`^\d{4}-\d\d-\d\dT${TIME}${ZONE}$`),
  time: new RegExp(`^${TIME}$`),
  base64Binary: /^[A-Za-z0-9+/\s]*={0,2}$/,
  string: /\S/,
  markdown: /\S/,
};

const NUMBERS: Record<string, (value: number) => boolean> = {
  decimal: Number.isFinite,
  integer: Number.isInteger,
  unsignedInt: (value) => Number.isInteger(value) && value >= 0,
  positiveInt: (value) => Number.isInteger(value) && value > 0,
};

/** Every problem of the resource and what is in it; none for a type that is not known here but for its being so. */
export function checkStructure(resource: Resource): StructureProblem[] {
  const problems: StructureProblem[] = [];
  checkResource(problems, resource, resource.resourceType, MAX_DEPTH);
  return problems.slice(0, MAX_PROBLEMS);
}

type Properties = Record<string, unknown>;

function checkResource(problems: StructureProblem[], resource: Properties, path: string, depth: number): void {
  const type = resource.resourceType;
  const definition = typeof type === 'string' && !type.includes('.') ? definitionOf(type) : undefined;
  if (!definition) {
    problems.push({
      path,
      message: `${JSON.stringify(type)?.slice(0, 60)} is no resource that GP Connect or Care Connect know`,
    });
    return;
  }
  const { resourceType: _, ...properties } = resource;
  checkObject(problems, properties, definition, path, depth);
}

function checkObject(
  problems: StructureProblem[],
  value: Properties,
  definition: Definition,
  path: string,
  depth: number,
): void {
  if (problems.length >= MAX_PROBLEMS) return;
  if (depth === 0) {
    problems.push({ path, message: `is more than ${MAX_DEPTH} levels deep` });
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    const element = definition.get(name.replace(/^_/, ''));
    const at = `${path}.${name}`;
    if (!element) problems.push({ path: at, message: UNKNOWN_ELEMENT });
    else if (name.startsWith('_')) continue;
    else checkElement(problems, child, element, at, depth);
  }
  checkPresence(problems, value, definition, path);
}

function checkPresence(problems: StructureProblem[], value: Properties, definition: Definition, path: string): void {
  const choices = new Map<string, { given: number; required: boolean }>();
  for (const { name, required, choice } of definition.values()) {
    const given = value[name] !== undefined || value[`_${name}`] !== undefined;
    if (choice === undefined) {
      if (required && !given) problems.push({ path: `${path}.${name}`, message: 'is missing' });
      continue;
    }
    const seen = choices.get(choice) ?? { given: 0, required };
    choices.set(choice, { given: seen.given + (given ? 1 : 0), required });
  }
  for (const [choice, { given, required }] of choices) {
    if (required && given === 0) problems.push({ path: `${path}.${choice}`, message: 'is missing' });
    if (given > 1) problems.push({ path: `${path}.${choice}`, message: 'is given more than once' });
  }
}

function checkElement(
  problems: StructureProblem[],
  value: unknown,
  element: ElementDefinition,
  path: string,
  depth: number,
): void {
  if (!element.repeats) {
    if (Array.isArray(value)) problems.push({ path, message: 'is a list, though it may be there once only' });
    else checkValue(problems, value, element, path, depth);
    return;
  }
  if (!Array.isArray(value)) problems.push({ path, message: 'is no list, though it may be there more than once' });
  else if (value.length === 0) problems.push({ path, message: 'is an empty list' });
  else for (const [index, item] of value.entries()) checkValue(problems, item, element, `${path}[${index}]`, depth);
}

function checkValue(
  problems: StructureProblem[],
  value: unknown,
  { type, codes }: ElementDefinition,
  path: string,
  depth: number,
): void {
  const wrong = (message: string) => problems.push({ path, message });
  const form = FORMS[type];
  const number = NUMBERS[type];
  if (form) {
    if (typeof value !== 'string') wrong(`is no ${type}: it is no text`);
    else if (!form.test(value)) wrong(`is no ${type}: ${JSON.stringify(value.slice(0, 60))}`);
    else if (codes && !codes.has(value))
      wrong(`is ${JSON.stringify(value.slice(0, 60))}, which is none of ${[...codes].join(', ')}`);
  } else if (number) {
    if (typeof value !== 'number' || !number(value)) wrong(`is no ${type}: ${JSON.stringify(value)}`);
  } else if (type === 'xhtml') {
    if (typeof value !== 'string' || !isNarrative(value)) wrong('is no well-formed XHTML div');
  } else if (type === 'boolean') {
    if (typeof value !== 'boolean') wrong(`is no boolean: ${JSON.stringify(value)}`);
  } else if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(`is no ${type}`);
  else if (Object.keys(value).length === 0) wrong('is empty');
  else if (type === 'Resource') checkResource(problems, value as Properties, path, depth - 1);
  else {
    const definition = definitionOf(type);
    if (definition) checkObject(problems, value as Properties, definition, path, depth - 1);
  }
}

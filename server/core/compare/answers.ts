/** Compares two answers by structure: elements, attributes and members, not bytes; what differs each time is left out. */
import { parseContentType } from '../mime/contentType.ts';
import { parseMultipart } from '../mime/parse.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';

export interface ComparedMessage {
  status?: number | undefined;
  contentType?: string | undefined;
  body: Buffer;
}

export interface Difference {
  /** `status`, `content-type`, `/Envelope/Body/...`, `/entry/0/resource`, `part 2 /...`. */
  path: string;
  /** Absent: it is not there. */
  ours?: string;
  theirs?: string;
}

/** More are not told: the messages have nothing to do with each other. */
export const MAX_DIFFERENCES = 100;

/** Longer values are cut. */
const SHOWN_LENGTH = 80;

/** What every message makes anew: ids and times. Two such values count as alike. */
const VOLATILE = [
  /^(?:urn:)?(?:uuid:|cid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:@.*)?$/i,
  /^\d{14}(?:\.\d+)?(?:[+-]\d{4})?$/,
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/,
  /^\d{17}_[0-9A-F]{6}(?:_\d+)?$/i,
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
];

function alike(a: string, b: string): boolean {
  return a === b || VOLATILE.some((form) => form.test(a) && form.test(b));
}

/** Empty when the two say the same. */
export function compareAnswers(ours: ComparedMessage, theirs: ComparedMessage): Difference[] {
  const found: Difference[] = [];
  note(found, 'status', ours.status?.toString(), theirs.status?.toString());
  note(found, 'content-type', typeOf(ours), typeOf(theirs));
  const [ourParts, theirParts] = [partsOf(ours), partsOf(theirs)];
  const many = ourParts.length > 1 || theirParts.length > 1;
  for (let at = 0; at < Math.max(ourParts.length, theirParts.length); at++) {
    compareTexts(found, many ? `part ${at + 1} ` : '', ourParts[at], theirParts[at]);
  }
  return found.slice(0, MAX_DIFFERENCES);
}

const typeOf = ({ contentType }: ComparedMessage): string | undefined =>
  contentType === undefined ? undefined : parseContentType(contentType).type;

function partsOf({ contentType, body }: ComparedMessage): string[] {
  if (typeOf({ contentType, body })?.startsWith('multipart/')) {
    try {
      return parseMultipart(contentType, body).parts.map((part) => part.content().toString('utf8'));
    } catch {
      // Compared as the text that it is.
    }
  }
  return [body.toString('utf8')];
}

function compareTexts(found: Difference[], at: string, ours: string | undefined, theirs: string | undefined): void {
  const [ourXml, theirXml] = [xmlOf(ours), xmlOf(theirs)];
  if (ourXml && theirXml) {
    compareElements(found, at, ourXml, theirXml);
    return;
  }
  const [ourJson, theirJson] = [jsonOf(ours), jsonOf(theirs)];
  if (ourJson && theirJson) compareValues(found, at, ourJson.value, theirJson.value);
  else note(found, `${at}body`, ours, theirs);
}

function xmlOf(text: string | undefined): XmlElement | undefined {
  if (!text?.trimStart().startsWith('<')) return undefined;
  try {
    return parseXml(text);
  } catch {
    return undefined;
  }
}

function jsonOf(text: string | undefined): { value: unknown } | undefined {
  try {
    return text === undefined || !/^\s*[[{]/.test(text) ? undefined : { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function note(found: Difference[], path: string, ours: string | undefined, theirs: string | undefined): void {
  if (ours === theirs || (ours !== undefined && theirs !== undefined && alike(ours, theirs))) return;
  const difference: Difference = { path };
  if (ours !== undefined) difference.ours = shown(ours);
  if (theirs !== undefined) difference.theirs = shown(theirs);
  found.push(difference);
}

const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}...` : text);

const nameOf = ({ ns, local }: XmlElement): string => (ns === '' ? local : `{${ns}}${local}`);

function compareElements(found: Difference[], parent: string, ours: XmlElement, theirs: XmlElement): void {
  const path = `${parent}/${ours.local}`;
  if (nameOf(ours) !== nameOf(theirs)) {
    note(found, path, nameOf(ours), nameOf(theirs));
    return;
  }
  const [own, other] = [attributesOf(ours), attributesOf(theirs)];
  for (const name of new Set([...own.keys(), ...other.keys()])) {
    note(found, `${path}/@${name}`, own.get(name), other.get(name));
  }
  const [ourChildren, theirChildren] = [byName(ours), byName(theirs)];
  if (ourChildren.size === 0 && theirChildren.size === 0) {
    note(found, path, ours.text.trim(), theirs.text.trim());
    return;
  }
  for (const name of new Set([...ourChildren.keys(), ...theirChildren.keys()])) {
    const [own, other] = [ourChildren.get(name) ?? [], theirChildren.get(name) ?? []];
    for (let at = 0; at < Math.max(own.length, other.length); at++) {
      const local = (own[at] ?? other[at])!.local;
      const place = own.length > 1 || other.length > 1 ? `${local}[${at + 1}]` : local;
      if (own[at] && other[at]) compareElements(found, path, own[at]!, other[at]!);
      else note(found, `${path}/${place}`, own[at] && 'present', other[at] && 'present');
    }
  }
}

/** Namespace declarations are none: they are spelling. */
const attributesOf = (element: XmlElement): Map<string, string> =>
  new Map(element.attributes.map(({ ns, local, value }) => [ns === '' ? local : `{${ns}}${local}`, value]));

function byName(element: XmlElement): Map<string, XmlElement[]> {
  const children = new Map<string, XmlElement[]>();
  for (const child of element.children()) {
    const known = children.get(nameOf(child));
    if (known) known.push(child);
    else children.set(nameOf(child), [child]);
  }
  return children;
}

function compareValues(found: Difference[], path: string, ours: unknown, theirs: unknown): void {
  if (isObject(ours) && isObject(theirs) && Array.isArray(ours) === Array.isArray(theirs)) {
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      compareValues(found, `${path}/${name}`, ours[name], theirs[name]);
    }
    return;
  }
  note(found, path || '/', textOf(ours), textOf(theirs));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

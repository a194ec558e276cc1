/**
 * The gpOBJECT document: a flat list of named parameters. What GAS sends is not quite XML (bare `&` in role names) and is read by
 * regular expressions, so its layout is part of the protocol: one parameter a line, no attribute before `name`.
 */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { XmlElement } from '../../../core/xml/element.ts';
import { XmlError } from '../../../core/xml/error.ts';
import { parseXml } from '../../../core/xml/parse.ts';
import { GasRefusal } from '../errors.ts';

/** The longest document has 15 parameters; depth and counts stop a bomb before it grows. */
const LIMITS = { maxDepth: 4, maxElements: 64, maxAttributes: 8, maxTextLength: 128 * 1024, maxNameLength: 64 };

/**
 * The root is gpOBJECT although the declaration names USER; it is passed over, never fetched. One with an internal subset (`[`)
 * is not matched and so refused.
 */
const DOCTYPE = /^(\s*(?:<\?xml[^>]*\?>)?\s*)<!DOCTYPE\s[^[\]<>]*>/;

export type Parameters = ReadonlyMap<string, string>;

const malformed = (message: string): never => {
  throw new GasRefusal('gas-malformed', message);
};

/** Parameters by name, values trimmed. Throws GasRefusal `gas-malformed`, also for a parameter that is there twice. */
export function readGpObject(body: Buffer): Parameters {
  const root = parse(body.toString('utf8'));
  if (root.local !== 'gpOBJECT') malformed('the document is not a gpOBJECT');
  const parameters = new Map<string, string>();
  for (const element of root.children('gpPARAM')) {
    const name = element.attr('name');
    if (!name) return malformed('a gpPARAM has no name');
    if (parameters.has(name)) malformed(`the parameter ${name.slice(0, 40)} is there twice`);
    parameters.set(name, element.text.trim());
  }
  return parameters;
}

function parse(text: string): XmlElement {
  try {
    return parseXml(
      text
        .replace(/^\uFEFF/, '')
        .replace(DOCTYPE, '$1')
        .trimStart(),
      LIMITS,
    );
  } catch (error) {
    if (error instanceof XmlError) return malformed(`the document cannot be read: ${error.message}`);
    throw error;
  }
}

/** One line of an answer. */
export interface GpLine {
  name: string;
  /** Further attributes, after `name`, in this order. */
  attributes?: [name: string, value: string][];
  value: string;
  /** Leave `&` as it is. */
  bare?: boolean;
}

const escapeMarkup = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const escapeText = (text: string): string => escapeMarkup(text.replaceAll('&', '&amp;'));
const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

function write({ name, attributes = [], value, bare }: GpLine): string {
  const more = attributes.map(([attribute, text]) => ` ${attribute}="${escapeAttribute(text)}"`).join('');
  return `<gpPARAM name="${name}"${more}>${bare ? escapeMarkup(value) : escapeText(value)}</gpPARAM>`;
}

/** An answer with these lines; `dtd` is the address in its document type declaration. */
export function gpObjectAnswer(dtd: string, lines: readonly GpLine[]): HttpAnswer {
  const document = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!DOCTYPE USER SYSTEM "${dtd}">`,
    '<gpOBJECT>',
    ...lines.map(write),
    '</gpOBJECT>',
    '',
  ];
  return { status: 200, headers: [['Content-Type', 'text/xml;charset=UTF-8']], body: document.join('\n') };
}

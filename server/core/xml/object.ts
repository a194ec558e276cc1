/** A plain-object view of a message for templates, rules and the console; never what decides whether a message is accepted. */
import type { XmlElement } from './element.ts';
import { type ParseOptions, parseXml } from './parse.ts';

export type PlainNode = string | { [name: string]: PlainNode | PlainNode[] };

export interface ObjectOptions {
  /** Keep prefixes in names; by default they are cut off, since clients choose them freely. */
  prefixes?: boolean;
  /** Every child as an array; by default only those that occur more than once. */
  arrays?: boolean;
}

/**
 * The document as xml2js shows it: attributes under `$`, text beside them under `_`, an element with text alone as that
 * text. Bytes and text pass `parseXml` first (and throw its `XmlError`).
 */
export async function toObject(
  input: Buffer | string | XmlElement,
  options: ObjectOptions = {},
  limits: ParseOptions = {},
): Promise<Record<string, PlainNode>> {
  const { toXml } = await import('./serialise.ts');
  const { default: xml2js } = await import('xml2js');
  const root = typeof input === 'string' || Buffer.isBuffer(input) ? parseXml(input, limits) : input;
  const strip = options.prefixes ? [] : [xml2js.processors.stripPrefix];
  const parser = new xml2js.Parser({
    explicitArray: options.arrays ?? false,
    tagNameProcessors: strip,
    attrNameProcessors: options.prefixes ? [] : [keepDeclarations(xml2js.processors.stripPrefix)],
    emptyTag: '',
  });
  // Written again from the tree, so that what is shown is what was accepted.
  return parser.parseStringPromise(toXml(root));
}

/** `xmlns:hl7` must not become an attribute named `hl7`. */
function keepDeclarations(strip: (name: string) => string): (name: string) => string {
  return (name) => (name.startsWith('xmlns') ? name : strip(name));
}

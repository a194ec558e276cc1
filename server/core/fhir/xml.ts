/** A resource as XML (FHIR STU3 2.6.1.1): properties in the order of the object, which is that of the definition. */
import { escapeAttribute } from '../xml/escape.ts';
import { isNarrative } from './narrative.ts';
import { isResource, type Resource } from './resource.ts';

const FHIR = 'http://hl7.org/fhir';

/** Of FHIR elements and resources. */
const NAME = /^[A-Za-z_][A-Za-z0-9]*$/;

/** The document, with its declaration. */
export function toXml(resource: Resource): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${resourceElement(resource, ` xmlns="${FHIR}"`)}`;
}

function resourceElement(resource: Resource, namespace = ''): string {
  const { resourceType, ...properties } = resource;
  return `<${resourceType}${namespace}>${children(properties)}</${resourceType}>`;
}

type Properties = Record<string, unknown>;

function children(properties: Properties): string {
  let xml = '';
  for (const [name, value] of Object.entries(properties)) {
    // `_name` holds id and extensions of the primitive `name`; alone it stands for a primitive without a value.
    if (name.startsWith('_')) {
      if (properties[name.slice(1)] === undefined) xml += elements(name.slice(1), undefined, value);
    } else if (value !== undefined && value !== null) {
      xml += elements(name, value, properties[`_${name}`]);
    }
  }
  return xml;
}

function elements(name: string, value: unknown, extra: unknown): string {
  // What consumers sent in JSON may have any name; XML has not.
  if (!NAME.test(name)) return '';
  if (Array.isArray(value)) {
    return value.map((item, index) => element(name, item, Array.isArray(extra) ? extra[index] : undefined)).join('');
  }
  return element(name, value, extra);
}

function element(name: string, value: unknown, extra: unknown): string {
  // Narrative is XHTML in both forms.
  if (name === 'div' && typeof value === 'string') return isNarrative(value) ? value : asNarrative(value);
  if (isResource(value) && NAME.test(value.resourceType)) return `<${name}>${resourceElement(value)}</${name}>`;
  if (typeof value === 'object' && value !== null) return complex(name, value as Properties);
  const { id, ...content } = (extra ?? {}) as Properties;
  const attributes = attribute('id', id) + attribute('value', value);
  const inner = children(content);
  return inner === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inner}</${name}>`;
}

function complex(name: string, value: Properties): string {
  const { id, ...others } = value;
  let attributes = attribute('id', id);
  let content = others;
  if (name === 'extension' || name === 'modifierExtension') {
    const { url, ...rest } = others;
    attributes += attribute('url', url);
    content = rest;
  }
  return `<${name}${attributes}>${children(content)}</${name}>`;
}

function attribute(name: string, value: unknown): string {
  const primitive = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return primitive ? ` ${name}="${escapeAttribute(String(value))}"` : '';
}

/** A narrative that is no XHTML, as text: one that a consumer sent in JSON must not break the document. */
const asNarrative = (text: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${escapeAttribute(text)}</div>`;

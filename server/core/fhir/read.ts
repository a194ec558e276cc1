/** The resource in a body that somebody sent, in either form. */
import type { FhirFormat } from './format.ts';
import { FhirXmlError, fromXml } from './fromXml.ts';
import { isResource, type Resource } from './resource.ts';

/** Resources that clients send are flat; deeper ones are made to hurt. */
const MAX_DEPTH = 64;

/** The resource, or in words for the client why there is none. */
export function readResource(body: Buffer, format: FhirFormat): { resource: Resource } | { fault: string } {
  if (body.length === 0) return { fault: 'The request has no body' };
  let value: unknown;
  try {
    value = format === 'json' ? JSON.parse(body.toString('utf8').replace(/^\ufeff/, '')) : fromXml(body);
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: `The body is not well-formed JSON${whereIn(error)}` };
    if (error instanceof FhirXmlError) return { fault: `The body can't be read: ${error.message}` };
    throw error;
  }
  if (!isResource(value)) return { fault: 'The body is not a FHIR resource: it has no resourceType' };
  if (isDeeper(value, MAX_DEPTH)) return { fault: `The resource is more than ${MAX_DEPTH} levels deep` };
  return { resource: value };
}

/** Where the engine says that it stopped, without its quotation of the body. */
function whereIn({ message }: SyntaxError): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  if (line !== undefined) return `: line ${line}, column ${column}`;
  return message.includes('end of JSON input') ? ': it ends too early' : '';
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

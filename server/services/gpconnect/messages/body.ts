/** The resource in a request body. */
import type { FhirFormat } from '../../../core/fhir/format.ts';
import { FhirXmlError, fromXml } from '../../../core/fhir/fromXml.ts';
import { isResource, type Resource } from '../../../core/fhir/resource.ts';
import { checkStructure, UNKNOWN_ELEMENT } from '../../../core/fhir/stu3/check.ts';
import { refuse } from '../errors.ts';

/** Resources that clients send are flat; deeper ones are made to hurt. */
const MAX_DEPTH = 64;

/** 422 INVALID_RESOURCE for whatever is no resource. */
export function readResource(body: Buffer, format: FhirFormat): Resource {
  if (body.length === 0) refuse('invalidResource', 'The request has no body');
  const value = format === 'json' ? readJson(body) : readXml(body);
  if (!isResource(value)) refuse('invalidResource', 'The body is not a FHIR resource: it has no resourceType');
  if (isDeeper(value, MAX_DEPTH)) refuse('invalidResource', `The resource is more than ${MAX_DEPTH} levels deep`);
  return value;
}

/** 422 INVALID_RESOURCE for elements that FHIR has not, unless the setting has them left out. */
export function refuseUnknownElements(resource: Resource, policy: 'refuse' | 'ignore'): void {
  if (policy === 'ignore') return;
  const unknown = checkStructure(resource).find(({ message }) => message === UNKNOWN_ELEMENT);
  if (unknown) refuse('invalidResource', `${unknown.path} ${unknown.message}`);
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    return refuse('invalidResource', 'The body is not well-formed JSON');
  }
}

function readXml(body: Buffer): unknown {
  try {
    return fromXml(body);
  } catch (error) {
    if (error instanceof FhirXmlError) refuse('invalidResource', `The body can't be read: ${error.message}`);
    throw error;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** The resource in a request body. */
import type { FhirFormat } from '../../../core/fhir/format.ts';
import { isResource, type Resource } from '../../../core/fhir/resource.ts';
import { refuse } from '../errors.ts';

/** 422 INVALID_RESOURCE for whatever is no resource. */
export function readResource(body: Buffer, format: FhirFormat): Resource {
  if (body.length === 0) refuse('invalidResource', 'The request has no body');
  const value = format === 'json' ? readJson(body) : refuse('invalidResource', 'XML bodies are not read yet');
  if (!isResource(value)) refuse('invalidResource', 'The body is not a FHIR resource: it has no resourceType');
  return value;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return refuse('invalidResource', 'The body is not JSON');
  }
}

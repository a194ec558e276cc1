/** The resource in a request body. */
import type { FhirFormat } from '../../../core/fhir/format.ts';
import { readResource } from '../../../core/fhir/read.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { checkStructure, UNKNOWN_ELEMENT } from '../../../core/fhir/stu3/check.ts';
import { refuse } from '../errors.ts';

/** 422 INVALID_RESOURCE for whatever is no resource. */
export function readBody(body: Buffer, format: FhirFormat): Resource {
  const reading = readResource(body, format);
  return 'fault' in reading ? refuse('invalidResource', reading.fault) : reading.resource;
}

/** 422 INVALID_RESOURCE for elements that FHIR has not, unless the setting has them left out. */
export function refuseUnknownElements(resource: Resource, policy: 'refuse' | 'ignore'): void {
  if (policy === 'ignore') return;
  const unknown = checkStructure(resource).find(({ message }) => message === UNKNOWN_ELEMENT);
  if (unknown) refuse('invalidResource', `${unknown.path} ${unknown.message}`);
}

/** 422 INVALID_RESOURCE for elements that are missing, of another form than STU3 has, or there too often. */
export function refuseBrokenElements(resource: Resource): void {
  const broken = checkStructure(resource).find(({ message }) => message !== UNKNOWN_ELEMENT);
  if (broken) refuse('invalidResource', `${broken.path} ${broken.message}`);
}

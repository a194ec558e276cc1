/** CareConnect-GPC-Observation-1: the resource that most of a record is made of. */
import { snomed } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { author, type ClinicalContext, clinicalResource, subject } from './context.ts';

export interface Finding {
  code: string;
  display: string;
  value?: { value: number; unit: string };
  comment?: string;
}

export function observation(context: ClinicalContext, key: string, finding: Finding, day: string): Resource {
  const { code, display, value, comment } = finding;
  return clinicalResource(
    context,
    'Observation',
    'CareConnect-GPC-Observation-1',
    key,
    {},
    {
      status: 'final',
      code: snomed(code, display),
      subject: subject(context),
      effectiveDateTime: day,
      issued: `${day}T09:00:00+00:00`,
      performer: [author(context)],
      valueQuantity: value,
      comment,
    },
  );
}

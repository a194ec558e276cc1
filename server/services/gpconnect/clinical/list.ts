/** CareConnect-GPC-List-1: each clinical area is introduced by a list of what is in it. */
import { extension, snomed } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import { profile } from '../profiles.ts';
import { type ClinicalContext, clinicalId, refer, subject } from './context.ts';

export interface ListKind {
  key: string;
  code: string;
  title: string;
}

/** What an area adds to the bundle. */
export interface AreaResources {
  lists: Resource[];
  /** Listed resources, and all that they refer to. */
  resources: Resource[];
}

/** Real consumers read `extension` of every list without asking whether it is there. */
const GENERAL_PRACTICE = extension(
  profile('Extension-CareConnect-ClinicalSetting-1'),
  'valueCodeableConcept',
  snomed('1060971000000108', 'General practice service'),
);

const EMPTY = {
  note: [{ text: 'Information not available' }],
  emptyReason: {
    coding: [
      {
        system: 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1',
        code: 'no-content-recorded',
        display: 'No Content Recorded',
      },
    ],
    text: 'No Content Recorded',
  },
};

/** `contained`: resources that live in the list and nowhere else, referred to by `#id`. */
export function listOf(
  context: ClinicalContext,
  { key, code, title }: ListKind,
  listed: readonly Resource[],
  contained = false,
): Resource {
  const entry = listed.map((resource) => ({ item: contained ? { reference: `#${resource.id}` } : refer(resource) }));
  return {
    resourceType: 'List',
    id: clinicalId(context, `list-${key}`),
    meta: { profile: [profile('CareConnect-GPC-List-1')] },
    contained: contained && listed.length > 0 ? [...listed] : undefined,
    extension: [GENERAL_PRACTICE],
    status: 'current',
    mode: 'snapshot',
    title,
    code: snomed(code, title),
    subject: subject(context),
    date: context.today,
    ...(listed.length > 0 ? { entry } : EMPTY),
  };
}

/** The list of an area with all that is in it. */
export function area(
  context: ClinicalContext,
  kind: ListKind,
  listed: readonly Resource[],
  others: readonly Resource[] = [],
): AreaResources {
  return { lists: [listOf(context, kind, listed)], resources: [...listed, ...others] };
}

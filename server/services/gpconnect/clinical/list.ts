/** CareConnect-GPC-List-1: each clinical area is introduced by a list of what is in it. */
import { extension, snomed } from '../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../core/fhir/resource.ts';
import type { RecordWarning } from '../../../core/world/types/patients.ts';
import { profile } from '../profiles.ts';
import { type ClinicalContext, clinicalId, recordsFrom, refer, subject } from './context.ts';

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
export const GENERAL_PRACTICE = extension(
  profile('Extension-CareConnect-ClinicalSetting-1'),
  'valueCodeableConcept',
  snomed('1060971000000108', 'General practice service'),
);

const EMPTY_NOTE = { text: 'Information not available' };

const EMPTY = {
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

/** GP Connect, list: each code has its text, which goes into a note. */
const WARNINGS: Record<RecordWarning, (context: ClinicalContext) => string> = {
  'confidential-items': () => 'Items excluded due to confidentiality and/or patient preferences.',
  'data-in-transit': (context) =>
    `Patient record transfer from previous GP practice not yet complete; any information recorded before ${dayOf(context)} has been excluded.`,
  'data-awaiting-filing': () =>
    'Patient data may be incomplete as there is data supplied by a third party awaiting review before becoming available.',
};

/** `01-Jan-2016` */
function dayOf(context: ClinicalContext): string {
  const [year, month, day] = recordsFrom(context).split('-') as [string, string, string];
  return `${day}-${MONTHS[Number(month) - 1]}-${year}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const WARNING_CODE = profile('Extension-CareConnect-GPC-ListWarningCode-1');

/** `contained`: resources that live in the list and nowhere else, referred to by `#id`. */
export function listOf(
  context: ClinicalContext,
  { key, code, title }: ListKind,
  listed: readonly Resource[],
  contained = false,
): Resource {
  const entry = listed.map((resource) => ({ item: contained ? { reference: `#${resource.id}` } : refer(resource) }));
  const warnings = context.patient.recordWarnings ?? [];
  const note = warnings.map((code) => ({ text: WARNINGS[code](context) }));
  if (listed.length === 0) note.unshift(EMPTY_NOTE);
  return {
    resourceType: 'List',
    id: clinicalId(context, `list-${key}`),
    meta: { profile: [profile('CareConnect-GPC-List-1')] },
    contained: contained && listed.length > 0 ? [...listed] : undefined,
    extension: [GENERAL_PRACTICE, ...warnings.map((code) => extension(WARNING_CODE, 'valueCode', code))],
    status: 'current',
    mode: 'snapshot',
    title,
    code: snomed(code, title),
    subject: subject(context),
    date: context.today,
    note: note.length > 0 ? note : undefined,
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

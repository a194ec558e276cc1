/** Consultations: an encounter each, and its contents as lists within lists: topic, heading, entries. */
import { concept, reference, snomed } from '../../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../../core/fhir/resource.ts';
import { profile } from '../../profiles.ts';
import {
  type ClinicalContext,
  clinicalId,
  clinicalResource,
  daysOf,
  isAdult,
  isWithin,
  refer,
  type SearchPeriod,
  subject,
} from '../context.ts';
import { type AreaResources, area, GENERAL_PRACTICE } from '../list.ts';
import { observation } from '../observation.ts';

const LIST = { key: 'consultations', code: '1149501000000101', title: 'List of consultations' };

const CONSULTATION = { code: '325851000000107', display: 'Consultation' };
const TOPIC = { code: '25851000000105', display: 'Topic (EHR)' };
const HEADING = { code: '24781000000107', display: 'Category (EHR)' };

const NOTE = { code: '37331000000100', display: 'Comment note' };

const COMMENTS = ['Feels well. No new complaints.', 'Routine review. Advised on exercise and diet.'];

export interface ConsultationOptions extends SearchPeriod {
  /** Only the latest so many. */
  mostRecent?: number | undefined;
}

export function consultations(context: ClinicalContext, options: ConsultationOptions): AreaResources {
  const days = isAdult(context) ? daysOf(context, 'consultations', COMMENTS.length) : [];
  let numbers = days.map((_, index) => index).filter((index) => isWithin(days[index]!, options));
  if (options.mostRecent !== undefined) numbers = numbers.slice(-options.mostRecent);
  const made = numbers.map((index) => consultation(context, index + 1, days[index]!, COMMENTS[index]!));
  return area(
    context,
    LIST,
    made.map(({ encounter }) => encounter),
    made.flatMap(({ others }) => others),
  );
}

const PARTICIPATION = 'https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-ParticipantType-1';

/** Who recorded it, which every encounter says, and who saw the patient: here the same. */
function participants({ recorder }: ClinicalContext) {
  const individual = recorder ? reference('Practitioner', recorder) : { display: 'Unknown' };
  return [
    { type: [concept(PARTICIPATION, 'REC', 'recorder')], individual },
    { type: [concept(PARTICIPATION, 'PPRF', 'primary performer')], individual },
  ];
}

function consultation(context: ClinicalContext, number: number, day: string, comment: string) {
  const key = `consultation-${number}`;
  const encounter = clinicalResource(
    context,
    'Encounter',
    'CareConnect-GPC-Encounter-1',
    key,
    {},
    {
      status: 'finished',
      type: [snomed(CONSULTATION.code, 'Surgery consultation note')],
      subject: subject(context),
      participant: participants(context),
      period: { start: `${day}T09:00:00+00:00`, end: `${day}T09:10:00+00:00` },
      serviceProvider: reference('Organization', context.ods),
    },
  );
  const entry = observation(context, `${key}-note`, { ...NOTE, comment }, day);
  const part = (name: string, kind: { code: string; display: string }, title: string, items: Resource[]): Resource => ({
    resourceType: 'List',
    id: clinicalId(context, `${key}-${name}`),
    meta: { profile: [profile('CareConnect-GPC-List-1')] },
    extension: [GENERAL_PRACTICE],
    status: 'current',
    mode: 'snapshot',
    title,
    code: snomed(kind.code, kind.display),
    subject: subject(context),
    encounter: refer(encounter),
    date: day,
    entry: items.map((item) => ({ item: refer(item) })),
  });
  const heading = part('heading', HEADING, 'History', [entry]);
  const topic = part('topic', TOPIC, 'Review', [heading]);
  const content = part('list', CONSULTATION, 'Consultation', [topic]);
  return { encounter, others: [content, topic, heading, entry] };
}

/** Uncategorised data, investigations, referrals and diary entries. */
import { concept, reference, snomed } from '../../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../../core/fhir/resource.ts';
import {
  author,
  type ClinicalContext,
  clinicalResource,
  daysOf,
  isAdult,
  isWithin,
  refer,
  type SearchPeriod,
  subject,
} from '../context.ts';
import { type AreaResources, area } from '../list.ts';
import { observation } from '../observation.ts';

const LISTS = {
  uncategorised: { key: 'miscellaneous', code: '826501000000100', title: 'Miscellaneous record' },
  investigations: { key: 'investigations', code: '887191000000108', title: 'Investigations and results' },
  referrals: { key: 'referrals', code: '792931000000107', title: 'Outbound referral' },
  diary: { key: 'diary', code: '714311000000108', title: 'Patient recall administration' },
};

const MEASURED = [
  { code: '27113001', display: 'Body weight', value: { value: 71.5, unit: 'kg' } },
  { code: '50373000', display: 'Body height measure', value: { value: 168, unit: 'cm' } },
];

/** Days of the area in an adult's record; none in a child's. */
function days(context: ClinicalContext, name: string, count: number): string[] {
  return isAdult(context) ? daysOf(context, name, count) : [];
}

export function uncategorised(context: ClinicalContext, period: SearchPeriod): AreaResources {
  const listed = days(context, 'uncategorised', MEASURED.length).flatMap((day, index) =>
    isWithin(day, period) ? [observation(context, `measured-${index + 1}`, MEASURED[index]!, day)] : [],
  );
  return area(context, LISTS.uncategorised, listed);
}

export function investigations(context: ClinicalContext, period: SearchPeriod): AreaResources {
  const listed: Resource[] = [];
  const others: Resource[] = [];
  for (const day of days(context, 'investigations', 1).filter((each) => isWithin(each, period))) {
    const specimen = clinicalResource(
      context,
      'Specimen',
      'CareConnect-GPC-Specimen-1',
      'specimen-1',
      {},
      {
        status: 'available',
        type: { text: 'Venous blood' },
        subject: subject(context),
        receivedTime: day,
      },
    );
    const result = {
      ...observation(
        context,
        'result-1',
        { code: '1022431000000105', display: 'Haemoglobin estimation', value: { value: 138, unit: 'g/L' } },
        day,
      ),
      specimen: refer(specimen),
      referenceRange: [{ low: { value: 120, unit: 'g/L' }, high: { value: 160, unit: 'g/L' } }],
    };
    listed.push(
      clinicalResource(
        context,
        'DiagnosticReport',
        'CareConnect-GPC-DiagnosticReport-1',
        'report-1',
        {},
        {
          status: 'final',
          category: concept('http://hl7.org/fhir/v2/0074', 'HM', 'Hematology'),
          code: snomed('721981007', 'Diagnostic studies report'),
          subject: subject(context),
          issued: `${day}T09:00:00+00:00`,
          specimen: [refer(specimen)],
          result: [refer(result)],
        },
      ),
    );
    others.push(specimen, result);
  }
  return area(context, LISTS.investigations, listed, others);
}

export function referrals(context: ClinicalContext, period: SearchPeriod): AreaResources {
  const listed = days(context, 'referrals', 1)
    .filter((day) => isWithin(day, period))
    .map((day) =>
      clinicalResource(
        context,
        'ReferralRequest',
        'CareConnect-GPC-ReferralRequest-1',
        'referral-1',
        {},
        {
          status: 'unknown',
          intent: 'order',
          priority: 'routine',
          subject: subject(context),
          authoredOn: day,
          requester: { agent: author(context), onBehalfOf: reference('Organization', context.ods) },
          reasonCode: [snomed('183519002', 'Referral to cardiology service')],
        },
      ),
    );
  return area(context, LISTS.referrals, listed);
}

/** `due`: month and day of the year to come. */
const RECALLS = [
  { code: '182836005', display: 'Review of medication', due: '03-01' },
  { code: '86198006', display: 'Influenza vaccination', due: '10-01' },
];

/** Diary entries lie ahead; `to` is the last day asked for. */
export function diary(context: ClinicalContext, { to }: SearchPeriod): AreaResources {
  const recorded = days(context, 'diary', RECALLS.length);
  const listed = recorded.flatMap((authoredOn, index) => {
    const { code, display, due } = RECALLS[index]!;
    const occurrenceDateTime = `${Number(context.today.slice(0, 4)) + 1}-${due}`;
    if (!isWithin(occurrenceDateTime, { to })) return [];
    const properties = {
      status: 'active',
      intent: 'plan',
      code: snomed(code, display),
      subject: subject(context),
      occurrenceDateTime,
      authoredOn,
      requester: { agent: author(context) },
    };
    const name = 'CareConnect-GPC-ProcedureRequest-1';
    return [clinicalResource(context, 'ProcedureRequest', name, `diary-${index + 1}`, {}, properties)];
  });
  return area(context, LISTS.diary, listed);
}

/** Problems: each with the observation that it stands for. */
import { concept, extension, snomed } from '../../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../../core/fhir/resource.ts';
import { profile } from '../../profiles.ts';
import { author, type ClinicalContext, clinicalResource, daysOf, isAdult, refer, someOf, subject } from '../context.ts';
import { type AreaResources, area } from '../list.ts';
import { observation } from '../observation.ts';

const LIST = { key: 'problems', code: '717711000000103', title: 'Problems' };

const PROBLEMS = [
  { code: '195967001', display: 'Asthma', significance: 'major', status: 'active' },
  { code: '38341003', display: 'Hypertensive disorder', significance: 'major', status: 'active' },
  { code: '54150009', display: 'Upper respiratory infection', significance: 'minor', status: 'inactive' },
] as const;

export interface ProblemOptions {
  /** `active` or `inactive` */
  status?: string | undefined;
  /** `major` or `minor` */
  significance?: string | undefined;
}

/** What fits any of the filters. */
export function problems(context: ClinicalContext, filters: ProblemOptions[]): AreaResources {
  const days = daysOf(context, 'problems', PROBLEMS.length);
  const known = isAdult(context) ? someOf(context, 'problems', PROBLEMS) : [];
  const listed: Resource[] = [];
  const others: Resource[] = [];
  for (const [index, problem] of known.entries()) {
    if (!filters.some((filter) => fits(problem, filter))) continue;
    const day = days[index]!;
    const actual = observation(context, `problem-${index + 1}-observation`, problem, day);
    listed.push(problemHeader(context, index + 1, problem, day, actual));
    others.push(actual);
  }
  return area(context, LIST, listed, others);
}

const fits = (problem: (typeof PROBLEMS)[number], { status, significance }: ProblemOptions): boolean =>
  (status === undefined || problem.status === status) &&
  (significance === undefined || problem.significance === significance);

function problemHeader(
  context: ClinicalContext,
  number: number,
  { code, display, significance, status }: (typeof PROBLEMS)[number],
  day: string,
  actual: Resource,
): Resource {
  const head = {
    extension: [
      extension(profile('Extension-CareConnect-GPC-ActualProblem-1'), 'valueReference', refer(actual)),
      extension(profile('Extension-CareConnect-GPC-ProblemSignificance-1'), 'valueCode', significance),
    ],
  };
  const name = 'CareConnect-GPC-ProblemHeader-Condition-1';
  return clinicalResource(context, 'Condition', name, `problem-${number}`, head, {
    clinicalStatus: status,
    category: [
      concept(
        'https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-ConditionCategory-1',
        'problem-list-item',
        'Problem List Item',
      ),
    ],
    code: snomed(code, display),
    subject: subject(context),
    onsetDateTime: day,
    abatementDateTime: status === 'inactive' ? day : undefined,
    assertedDate: day,
    asserter: context.recorder && author(context),
  });
}

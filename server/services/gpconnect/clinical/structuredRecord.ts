/** The bundle of a structured record: who and where, then each area that was asked for. */
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Asked, ParameterRule, Parts, PartValue } from '../checks/parameters.ts';
import { profile } from '../profiles.ts';
import { allergies } from './areas/allergies.ts';
import { consultations } from './areas/consultations.ts';
import { immunisations } from './areas/immunisations.ts';
import { medications } from './areas/medications.ts';
import { diary, investigations, referrals, uncategorised } from './areas/others.ts';
import { problems } from './areas/problems.ts';
import type { ClinicalContext, SearchPeriod } from './context.ts';
import type { AreaResources } from './list.ts';

interface Area extends ParameterRule {
  /** `all`: the parts of each time that the parameter was given; `parts`: of the first. */
  read(context: ClinicalContext, parts: Parts, all: Parts[]): AreaResources;
}

const text = (value: PartValue | undefined) => value as string | undefined;

function period(value: PartValue | undefined): SearchPeriod {
  const { start, end } = (value ?? {}) as { start?: string; end?: string };
  return { from: start, to: end };
}

/** Parameters of the operation, each with its parts (GP Connect 1.6.2, retrieve a patient's structured record). */
export const AREAS: Record<string, Area> = {
  includeAllergies: {
    parts: { includeResolvedAllergies: 'boolean' },
    required: ['includeResolvedAllergies'],
    read: (context, parts) => allergies(context, { resolved: parts.includeResolvedAllergies === true }),
  },
  includeMedication: {
    parts: { includePrescriptionIssues: 'boolean', medicationSearchFromDate: 'date' },
    read: (context, parts) =>
      medications(context, {
        issues: parts.includePrescriptionIssues !== false,
        from: text(parts.medicationSearchFromDate),
      }),
  },
  includeConsultations: {
    parts: { consultationSearchPeriod: 'period', includeNumberOfMostRecent: 'positive' },
    exclusive: ['consultationSearchPeriod', 'includeNumberOfMostRecent'],
    read: (context, parts) =>
      consultations(context, {
        ...period(parts.consultationSearchPeriod),
        mostRecent: parts.includeNumberOfMostRecent as number | undefined,
      }),
  },
  includeProblems: {
    parts: { filterStatus: ['active', 'inactive'], filterSignificance: ['major', 'minor'] },
    repeats: true,
    read: (context, _, all) =>
      problems(
        context,
        all.map((parts) => ({ status: text(parts.filterStatus), significance: text(parts.filterSignificance) })),
      ),
  },
  includeImmunisations: {
    // The status of immunisations has had two names; no record here has consents to them, or dissents.
    parts: { includeNotGiven: 'boolean', includeStatus: 'boolean', includeDissentConsent: 'boolean' },
    read: (context, parts) => immunisations(context, { notGiven: parts.includeNotGiven === true }),
  },
  includeUncategorisedData: {
    parts: { uncategorisedDataSearchPeriod: 'period' },
    read: (context, parts) => uncategorised(context, period(parts.uncategorisedDataSearchPeriod)),
  },
  includeInvestigations: {
    parts: { investigationSearchPeriod: 'period' },
    read: (context, parts) => investigations(context, period(parts.investigationSearchPeriod)),
  },
  includeReferrals: {
    parts: { referralSearchPeriod: 'period' },
    read: (context, parts) => referrals(context, period(parts.referralSearchPeriod)),
  },
  includeDiaryEntries: {
    parts: { diaryEntriesSearchDate: 'date' },
    read: (context, parts) => diary(context, { to: text(parts.diaryEntriesSearchDate) }),
  },
};

/** Everything there is, as a record is migrated. */
export const FULL_RECORD: Asked = new Map(Object.keys(AREAS).map((name): [string, Parts[]] => [name, [{}]]));
FULL_RECORD.set('includeAllergies', [{ includeResolvedAllergies: true }]);
FULL_RECORD.set('includeImmunisations', [{ includeNotGiven: true }]);

/** `people`: patient, practice and staff. The order of a bundle means nothing; each resource is in it once. */
export function structuredRecord(
  context: ClinicalContext,
  asked: Asked,
  people: readonly Resource[],
  others: readonly Resource[] = [],
): Resource {
  const areas = [...asked].map(([name, all]) => AREAS[name]!.read(context, all[0]!, all));
  const all = [
    ...people,
    ...areas.flatMap(({ lists }) => lists),
    ...areas.flatMap(({ resources }) => resources),
    ...others,
  ];
  const unique = new Map(all.map((resource) => [`${resource.resourceType}/${resource.id}`, resource]));
  return {
    resourceType: 'Bundle',
    meta: { profile: [profile('GPConnect-StructuredRecord-Bundle-1')] },
    type: 'collection',
    entry: [...unique.values()].map((resource) => ({ resource })),
  };
}

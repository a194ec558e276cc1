/** Sections of the HTML record (GP Connect 0.7, care record sections), shown from the same record as the structured one. */
import type { Resource } from '../../../core/fhir/resource.ts';
import type { Table } from '../messages/html.ts';
import { allergies } from './areas/allergies.ts';
import { consultations } from './areas/consultations.ts';
import { immunisations } from './areas/immunisations.ts';
import { medications } from './areas/medications.ts';
import { investigations, referrals, uncategorised } from './areas/others.ts';
import { problems } from './areas/problems.ts';
import { type ClinicalContext, isWithin, type SearchPeriod } from './context.ts';
import type { AreaResources } from './list.ts';

export interface Section {
  title: string;
  /** False: a period makes no sense there, and is refused. */
  dated: boolean;
  tables(context: ClinicalContext, period: SearchPeriod): Table[];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const display = (concept: unknown): string => {
  const { coding, text: own } = (concept ?? {}) as { coding?: { display?: string }[]; text?: string };
  return own ?? coding?.[0]?.display ?? '';
};

function quantity(value: unknown): string {
  const { value: amount, unit } = (value ?? {}) as { value?: number; unit?: string };
  return amount === undefined ? '' : `${amount} ${unit ?? ''}`;
}

const of = ({ resources }: AreaResources, type: string) =>
  resources.filter(({ resourceType }) => resourceType === type);

/** Rows with their dates first, newest first, as the views have them. */
function table(
  title: string,
  columns: string[],
  resources: Resource[],
  cells: (resource: Resource) => string[],
  period: SearchPeriod,
): Table {
  const rows = resources.map(cells).filter(([day = '']) => isWithin(day, period));
  return {
    title,
    columns: ['Date', ...columns],
    rows: rows.sort(([left = ''], [right = '']) => (left < right ? 1 : -1)),
  };
}

const NO_PERIOD: SearchPeriod = {};

const medication = (context: ClinicalContext, period: SearchPeriod): Table => {
  const found = medications(context, { issues: false });
  const names = new Map(of(found, 'Medication').map(({ id, code }) => [`Medication/${id}`, display(code)]));
  const name = (resource: Resource) =>
    names.get((resource.medicationReference as { reference: string }).reference) ?? '';
  const dosage = ({ dosage: all }: Resource) => text((all as { text?: string }[] | undefined)?.[0]?.text);
  return table(
    'Medications',
    ['Medication', 'Dosage', 'Status'],
    of(found, 'MedicationStatement'),
    (each) => [text(each.dateAsserted), name(each), dosage(each), text(each.status)],
    period,
  );
};

const allergy = (context: ClinicalContext): Table =>
  table(
    'Current allergies and adverse reactions',
    ['Details'],
    of(allergies(context, { resolved: false }), 'AllergyIntolerance'),
    (each) => [text(each.assertedDate), display(each.code)],
    NO_PERIOD,
  );

const problem = (context: ClinicalContext, period: SearchPeriod, status?: string): Table =>
  table(
    status === undefined ? 'Problems and issues' : 'Active problems and issues',
    ['Problem', 'Status'],
    of(problems(context, [{ status }]), 'Condition'),
    (each) => [text(each.onsetDateTime), display(each.code), text(each.clinicalStatus)],
    period,
  );

const encounter = (context: ClinicalContext, period: SearchPeriod): Table =>
  table(
    'Encounters',
    ['Title', 'Details'],
    of(consultations(context, period), 'Observation'),
    (each) => [text(each.effectiveDateTime), display(each.code), text(each.comment)],
    period,
  );

const observed = (title: string, found: AreaResources, period: SearchPeriod): Table =>
  table(
    title,
    ['Name', 'Value'],
    of(found, 'Observation'),
    (each) => [text(each.effectiveDateTime), display(each.code), quantity(each.valueQuantity)],
    period,
  );

const referral = (context: ClinicalContext, period: SearchPeriod): Table =>
  table(
    'Referrals',
    ['Details'],
    of(referrals(context, period), 'ReferralRequest'),
    (each) => [text(each.authoredOn), display((each.reasonCode as unknown[])[0])],
    period,
  );

const immunisation = (context: ClinicalContext, period: SearchPeriod): Table => {
  const given = ({ extension }: Resource) => {
    const procedure = (extension as { url: string; valueCodeableConcept?: unknown }[]).find(({ url }) =>
      url.includes('VaccinationProcedure'),
    );
    return display(procedure?.valueCodeableConcept);
  };
  return table(
    'Immunisations',
    ['Vaccination'],
    of(immunisations(context, { notGiven: false }), 'Immunization'),
    (each) => [text(each.date), given(each)],
    period,
  );
};

const NOTHING = (title: string): Table => ({ title, columns: ['Date'], rows: [] });

const dated = (title: string, tables: Section['tables']): Section => ({ title, dated: true, tables });

/** By the codes of the value set gpconnect-record-section-1. */
export const SECTIONS: Record<string, Section> = {
  SUM: {
    title: 'Summary',
    dated: false,
    tables: (context) => [
      problem(context, NO_PERIOD, 'active'),
      medication(context, NO_PERIOD),
      allergy(context),
      encounter(context, NO_PERIOD),
    ],
  },
  ENC: dated('Encounters', (context, period) => [encounter(context, period)]),
  CLI: dated('Clinical items', (context, period) => [
    observed('Clinical items', uncategorised(context, period), period),
  ]),
  PRB: dated('Problems and issues', (context, period) => [problem(context, period)]),
  ALL: { title: 'Allergies and adverse reactions', dated: false, tables: (context) => [allergy(context)] },
  MED: { title: 'Medications', dated: false, tables: (context) => [medication(context, NO_PERIOD)] },
  REF: dated('Referrals', (context, period) => [referral(context, period)]),
  OBS: dated('Observations', (context, period) => [observed('Observations', investigations(context, period), period)]),
  IMM: { title: 'Immunisations', dated: false, tables: (context) => [immunisation(context, NO_PERIOD)] },
  ADM: dated('Administrative items', () => [NOTHING('Administrative items')]),
};

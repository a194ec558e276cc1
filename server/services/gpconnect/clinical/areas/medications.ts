/** Medication: a statement for each, based on its plan, with the issues as orders. */
import { concept, extension, reference, snomed } from '../../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../../core/fhir/resource.ts';
import { profile } from '../../profiles.ts';
import {
  author,
  type ClinicalContext,
  clinicalResource,
  crossCareIdentifier,
  daysOf,
  isAdult,
  isWithin,
  refer,
  someOf,
  subject,
} from '../context.ts';
import { type AreaResources, area } from '../list.ts';

const LIST = { key: 'medications', code: '933361000000108', title: 'Medications and medical devices' };

interface Drug {
  /** dm+d, which is part of SNOMED CT. */
  code: string;
  display: string;
  dosage: string;
  quantity: { value: number; unit: string };
  repeat: boolean;
}

const DRUGS: Drug[] = [
  {
    code: '322236009',
    display: 'Paracetamol 500mg tablets',
    dosage: 'Two tablets up to four times a day',
    quantity: { value: 32, unit: 'tablet' },
    repeat: false,
  },
  {
    code: '35936411000001109',
    display: 'Salbutamol 100micrograms/dose inhaler CFC free',
    dosage: 'Two puffs when needed',
    quantity: { value: 1, unit: 'inhaler' },
    repeat: true,
  },
  {
    code: '323510009',
    display: 'Amoxicillin 500mg capsules',
    dosage: 'One capsule three times a day',
    quantity: { value: 21, unit: 'capsule' },
    repeat: false,
  },
];

/** A repeat medication goes on; an acute one lasts so long. */
const ACUTE_DAYS = 14;
const ISSUES_OF_REPEAT = 2;
const ISSUE_EVERY_DAYS = 28;

export interface MedicationOptions {
  issues: boolean;
  /** Only what was still taken on or after that day. */
  from?: string | undefined;
}

export function medications(context: ClinicalContext, { issues, from }: MedicationOptions): AreaResources {
  const drugs = isAdult(context) ? someOf(context, 'medications', DRUGS) : [];
  const days = daysOf(context, 'medications', DRUGS.length);
  const listed: Resource[] = [];
  const others: Resource[] = [];
  for (const [index, drug] of drugs.entries()) {
    const start = days[index]!;
    const end = drug.repeat ? undefined : addDays(start, ACUTE_DAYS);
    if (end !== undefined && !isWithin(end, { from })) continue;
    const made = course(context, index + 1, drug, start, end);
    listed.push(made.statement);
    others.push(made.medication, made.plan, ...(issues ? made.orders : []));
  }
  return area(context, LIST, listed, others);
}

function course(context: ClinicalContext, number: number, drug: Drug, start: string, end: string | undefined) {
  const key = `medication-${number}`;
  const medication: Resource = {
    resourceType: 'Medication',
    id: drug.code,
    meta: { profile: [profile('CareConnect-GPC-Medication-1')] },
    code: snomed(drug.code, drug.display),
  };
  const issueDays = Array.from({ length: drug.repeat ? ISSUES_OF_REPEAT : 1 }, (_, issue) =>
    addDays(start, issue * ISSUE_EVERY_DAYS),
  );
  const request = (name: string, intent: 'plan' | 'order', day: string, more: Record<string, unknown>) =>
    clinicalResource(
      context,
      'MedicationRequest',
      'CareConnect-GPC-MedicationRequest-1',
      `${key}-${name}`,
      { extension: [prescriptionType(drug)] },
      {
        ...more,
        groupIdentifier: crossCareIdentifier(`group/${context.patient.nhsNumber}/${key}`),
        status: end || intent === 'order' ? 'completed' : 'active',
        intent,
        medicationReference: refer(medication),
        subject: subject(context),
        authoredOn: day,
        requester: context.recorder && { agent: author(context), onBehalfOf: reference('Organization', context.ods) },
        recorder: context.recorder && author(context),
        dosageInstruction: [{ text: drug.dosage }],
        dispenseRequest: { validityPeriod: { start: day, ...(end ? { end } : {}) }, quantity: drug.quantity },
      },
    );
  const plan = request('plan', 'plan', start, {});
  const orders = issueDays.map((day, issue) => request(`issue-${issue + 1}`, 'order', day, { basedOn: [refer(plan)] }));
  const statement = clinicalResource(
    context,
    'MedicationStatement',
    'CareConnect-GPC-MedicationStatement-1',
    key,
    {
      extension: [
        extension(
          profile('Extension-CareConnect-GPC-MedicationStatementLastIssueDate-1'),
          'valueDateTime',
          issueDays.at(-1),
        ),
        extension(profile('Extension-CareConnect-GPC-PrescribingAgency-1'), 'valueCodeableConcept', PRESCRIBED_HERE),
      ],
    },
    {
      basedOn: [refer(plan)],
      status: end ? 'completed' : 'active',
      medicationReference: refer(medication),
      effectivePeriod: { start, ...(end ? { end } : {}) },
      dateAsserted: start,
      subject: subject(context),
      taken: 'unk',
      dosage: [{ text: drug.dosage }],
    },
  );
  return { medication, plan, orders, statement };
}

const CODE_SYSTEM = 'https://fhir.nhs.uk/STU3/CodeSystem/';

const PRESCRIBED_HERE = concept(
  `${CODE_SYSTEM}CareConnect-PrescribingAgency-1`,
  'prescribed-at-gp-practice',
  'Prescribed at GP practice',
);

function prescriptionType({ repeat }: Drug) {
  const type = repeat ? concept(TYPES, 'repeat', 'Repeat') : concept(TYPES, 'acute', 'Acute');
  return extension(profile('Extension-CareConnect-GPC-PrescriptionType-1'), 'valueCodeableConcept', type);
}

const TYPES = `${CODE_SYSTEM}CareConnect-PrescriptionType-1`;

function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

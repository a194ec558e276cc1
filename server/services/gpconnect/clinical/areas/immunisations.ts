/** Immunisations: those of childhood, by age, and a yearly one for adults. */
import { extension, reference, snomed } from '../../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../../core/fhir/resource.ts';
import { profile } from '../../profiles.ts';
import { type ClinicalContext, clinicalResource, daysOf, isAdult, subject } from '../context.ts';
import { type AreaResources, area } from '../list.ts';

const LIST = { key: 'immunisations', code: '1102181000000102', title: 'Immunisations' };

/** Age in weeks at which a child gets it. */
const CHILDHOOD = [
  { weeks: 8, code: '399014008', display: 'Diphtheria, pertussis and tetanus vaccination' },
  { weeks: 52, code: '38598009', display: 'Measles-mumps-rubella vaccination' },
];

const INFLUENZA = { code: '86198006', display: 'Influenza vaccination' };

const DECLINED = { code: '315640000', display: 'Influenza vaccination declined' };

/** `notGiven`: with those that were offered and not given, which are left out otherwise. */
export function immunisations(context: ClinicalContext, options: { notGiven: boolean }): AreaResources {
  const { patient, today } = context;
  const given: { code: string; display: string; day: string }[] = [];
  if (isAdult(context)) given.push({ ...INFLUENZA, day: daysOf(context, 'immunisations', 1)[0]! });
  else if (patient.dateOfBirth && patient.dateOfBirth.length >= 8) {
    const born = patient.dateOfBirth.replace(/^(....)(..)(..).*$/, '$1-$2-$3');
    for (const { weeks, ...what } of CHILDHOOD) {
      const day = new Date(Date.parse(`${born}T00:00:00Z`) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);
      if (day <= today) given.push({ ...what, day });
    }
  }
  const listed = given.map((what, index) => immunisation(context, index + 1, what));
  if (options.notGiven && isAdult(context)) {
    listed.push(declined(context, { ...DECLINED, day: daysOf(context, 'immunisations-not-given', 1)[0]! }));
  }
  return area(context, LIST, listed);
}

interface Vaccination {
  code: string;
  display: string;
  day: string;
}

function immunisation(context: ClinicalContext, number: number, vaccination: Vaccination): Resource {
  return vaccinationResource(context, `immunisation-${number}`, vaccination, {
    notGiven: false,
    lotNumber: `TEST-${number}`,
  });
}

const declined = (context: ClinicalContext, vaccination: Vaccination): Resource =>
  vaccinationResource(context, 'immunisation-not-given', vaccination, {
    notGiven: true,
    explanation: { reasonNotGiven: [{ text: 'Declined by the patient' }] },
  });

function vaccinationResource(
  context: ClinicalContext,
  key: string,
  { code, display, day }: Vaccination,
  { notGiven, lotNumber, explanation }: { notGiven: boolean; lotNumber?: string; explanation?: object },
): Resource {
  const head = {
    extension: [
      extension(profile('Extension-CareConnect-GPC-DateRecorded-1'), 'valueDateTime', day),
      extension(
        profile('Extension-CareConnect-GPC-VaccinationProcedure-1'),
        'valueCodeableConcept',
        snomed(code, display),
      ),
    ],
  };
  return clinicalResource(context, 'Immunization', 'CareConnect-GPC-Immunization-1', key, head, {
    status: 'completed',
    notGiven,
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' }] },
    patient: subject(context),
    date: day,
    primarySource: true,
    lotNumber,
    practitioner: context.recorder && [{ actor: reference('Practitioner', context.recorder) }],
    explanation,
  });
}

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

export function immunisations(context: ClinicalContext): AreaResources {
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
  return area(
    context,
    LIST,
    given.map((what, index) => immunisation(context, index + 1, what)),
  );
}

function immunisation(
  context: ClinicalContext,
  number: number,
  { code, display, day }: { code: string; display: string; day: string },
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
  return clinicalResource(context, 'Immunization', 'CareConnect-GPC-Immunization-1', `immunisation-${number}`, head, {
    status: 'completed',
    notGiven: false,
    vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' }] },
    patient: subject(context),
    date: day,
    primarySource: true,
    lotNumber: `TEST-${number}`,
    practitioner: context.recorder && [{ actor: reference('Practitioner', context.recorder) }],
  });
}

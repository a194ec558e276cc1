/** Allergies: current ones, and those that have ended, which are contained in a list of their own. */
import { extension, snomed } from '../../../../core/fhir/datatypes.ts';
import type { Resource } from '../../../../core/fhir/resource.ts';
import { profile } from '../../profiles.ts';
import { author, type ClinicalContext, clinicalResource, daysOf, isAdult, someOf, subject } from '../context.ts';
import { type AreaResources, area, listOf } from '../list.ts';

const CURRENT = { key: 'allergies', code: '886921000000105', title: 'Allergies and adverse reactions' };
const ENDED = { key: 'ended-allergies', code: '1103671000000101', title: 'Ended allergies' };

const ALLERGIES = [
  { code: '91936005', display: 'Allergy to penicillin', category: 'medication' },
  { code: '91935009', display: 'Allergy to peanut', category: 'environment' },
  { code: '300916003', display: 'Latex allergy', category: 'environment' },
];

const OUTGROWN = { code: '425525006', display: 'Allergy to dairy product', category: 'environment' };

export function allergies(context: ClinicalContext, options: { resolved: boolean }): AreaResources {
  const adult = isAdult(context);
  const which = adult ? someOf(context, 'allergies', ALLERGIES) : [];
  const days = daysOf(context, 'allergies', ALLERGIES.length + 1);
  const current = which.map((allergy, index) => allergyOf(context, `allergy-${index + 1}`, allergy, days[index + 1]!));
  const found = area(context, CURRENT, current);
  if (!options.resolved) return found;
  const ended = adult ? [allergyOf(context, 'allergy-ended', OUTGROWN, days[0]!, days.at(-1))] : [];
  return { ...found, lists: [...found.lists, listOf(context, ENDED, ended, true)] };
}

function allergyOf(
  context: ClinicalContext,
  key: string,
  { code, display, category }: (typeof ALLERGIES)[number],
  day: string,
  endDate?: string,
): Resource {
  const end = endDate && {
    url: profile('Extension-CareConnect-GPC-AllergyIntoleranceEnd-1'),
    extension: [
      extension('endDate', 'valueDateTime', endDate),
      extension('reasonEnded', 'valueString', 'No information available'),
    ],
  };
  const head = end ? { extension: [end] } : {};
  return clinicalResource(context, 'AllergyIntolerance', 'CareConnect-GPC-AllergyIntolerance-1', key, head, {
    clinicalStatus: end ? 'resolved' : 'active',
    verificationStatus: 'unconfirmed',
    category: [category],
    code: snomed(code, display),
    patient: subject(context),
    onsetDateTime: day,
    assertedDate: day,
    recorder: context.recorder ? author(context) : undefined,
    // One reaction each: the acceptance suite looks into the first without asking whether there is one.
    reaction: [{ manifestation: [snomed('271807003', 'Skin rash')], description: 'Rash', severity: 'mild' }],
  });
}

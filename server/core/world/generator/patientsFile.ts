/**
 * Writes `stubs/world/patients.yaml`: node server/core/world/generator/patientsFile.ts [seed]
 * Another seed gives the same kinds of patients with other names and addresses.
 */
import { writeFileSync } from 'node:fs';
import { Ids } from '../../ids/ids.ts';
import { numberOf, numbersOf, type PatientSeed } from './archetypes/archetype.ts';
import { ARCHETYPES } from './archetypes/archetypes.ts';
import { Words } from './words.ts';
import { block } from './yamlText.ts';

export const PATIENTS_FILE = new URL('../../../../stubs/world/patients.yaml', import.meta.url);
export const SHIPPED_SEED = 'patients';

const HEADER = `# yaml-language-server: $schema=./world.schema.json
#
# Patients of PDS: one for each situation that a client must cope with. All are invented.
#
# The NHS number of the patient of kind kk is 9996kk000c; numbers that begin with 999 are never issued. To add a patient of
# your own take any number with a right check digit; if it is wrong you are told the right one.
#
# Dates may count from today, so that an address that ended yesterday did end yesterday: today, today-30d, today+1w,
# today-18y-1d (d days, w weeks, m months, y years), with a time of day today@0415. In each space "today" is the day on which
# the space began or was reset. Otherwise 2019-04-01, 20190401, or a part of a date: 1950.
#
# copies: 55 makes 55 patients of one; {n} is replaced by 1 to 55 and {nhs:9996090002} by the n-th valid number from there on.
#
# names      use L usual, A alias, PREFERRED, PREVIOUS-BIRTH, PREVIOUS-MAIDEN, PREVIOUS; with \`to\` it is history
# addresses  use H home, TMP temporary, PST correspondence; five lines; with \`to\` in the past it is history
# telecoms   use HP home, WP work, MC mobile, EC emergency; value with its scheme: tel: fax: textphone: mailto:
# gender     0 not known, 1 male, 2 female, 9 not specified
# scn        serial change number; an object id (objectId) is made for every item that has none
`;

/** The file's text; the same seed gives the same text. */
export function patientsText(seed: string = SHIPPED_SEED): string {
  const entries = ARCHETYPES.map((archetype) => {
    // Each archetype draws from a sequence of its own: a change to one leaves all the others as they were.
    const words = new Words(new Ids(`${seed}/${archetype.number}`));
    const made = archetype.make(words);
    const nhsNumber = (made.copies === undefined ? numberOf : numbersOf)(archetype.number);
    const patient: PatientSeed = { nhsNumber, purpose: archetype.purpose, ...made };
    return block(patient, 2);
  });
  return `${HEADER}\npatients:\n${entries.join('\n')}`;
}

if (import.meta.main) writeFileSync(PATIENTS_FILE, patientsText(process.argv[2]));

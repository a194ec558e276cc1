/** `spine-sim patients`: the people that there are and what each is for. */
import { adminJson } from '../adminClient.ts';
import type { Verb } from '../verb.ts';

interface PatientLine {
  nhsNumber: string;
  purpose?: string;
  names: { given: string[]; family: string }[];
  dateOfBirth?: string;
  gender: string;
}

/** The 55 copies of one record would hide the others. */
const SHOWN_OF_A_KIND = 2;

export const patients: Verb = {
  name: 'patients',
  usage: 'patients [--all]',
  summary: 'list patients: number, name, date of birth, and what each is for',
  flags: ['all'],
  words: 0,
  async run(invocation) {
    const found = await adminJson<PatientLine[]>(invocation, 'GET', '/api/world/patients');
    const seen = new Map<string, number>();
    for (const { nhsNumber, purpose = '', names, dateOfBirth = '', gender } of found) {
      const count = (seen.get(purpose) ?? 0) + 1;
      seen.set(purpose, count);
      if (purpose !== '' && count > SHOWN_OF_A_KIND && !invocation.flags.all) continue;
      const name = names[0] ? `${names[0].given.join(' ')} ${names[0].family}`.trim() : '';
      invocation.print(`${nhsNumber}  ${dateOfBirth.padEnd(12)} ${gender}  ${name.padEnd(32)} ${purpose}`);
    }
    return 0;
  },
};

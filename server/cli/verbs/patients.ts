/** `spine-sim patients`: the people that there are and what each is for. */
import type { PatientDescription } from '../../core/world/generator/describe.ts';
import { adminJson } from '../adminClient.ts';
import { type Invocation, type Verb, VerbError } from '../verb.ts';

function line({ nhsNumber, name, dateOfBirth, gender, purpose, states, records }: PatientDescription): string {
  const copies = records > 1 ? ` [${records} records]` : '';
  const state = states.length > 0 ? ` (${states.join(', ')})` : '';
  return `${nhsNumber}  ${dateOfBirth.padEnd(12)} ${gender}  ${name.padEnd(32)} ${purpose}${copies}${state}`;
}

async function list(invocation: Invocation): Promise<number> {
  const text = invocation.words.join(' ');
  const query = `?text=${encodeURIComponent(text)}${invocation.flags.all ? '&all=true' : ''}`;
  const found = await adminJson<PatientDescription[]>(invocation, 'GET', `/api/patients${query}`);
  if (found.length === 0) throw new VerbError(`no patient was made for "${text}"; without words all are listed`);
  if (invocation.flags.json) invocation.print(JSON.stringify(found, null, 2));
  else for (const description of found) invocation.print(line(description));
  return 0;
}

export const patients: Verb = {
  name: 'patients',
  usage: 'patients [<word> ...] [--all] [--json]',
  summary: 'list patients by what they are for: "patients superseded", "patients twin", "patients 9996130002"',
  flags: ['all', 'json'],
  run: list,
};

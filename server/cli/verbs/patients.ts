/** `spine-sim patients`: the people that there are, what each is for, and changes of them. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { PatientDescription } from '../../core/world/generator/describe.ts';
import type { Imported } from '../../core/world/import/importFile.ts';
import type { Patient } from '../../core/world/types.ts';
import { nearest } from '../../core/yaml/nearest.ts';
import { formatProblem } from '../../core/yaml/problem.ts';
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

type Fields = Record<string, string | null>;

function line({
  nhsNumber,
  name,
  dateOfBirth,
  gender,
  practice,
  purpose,
  states,
  records,
}: PatientDescription): string {
  const copies = records > 1 ? ` [${records} records]` : '';
  const state = states.length > 0 ? ` (${states.join(', ')})` : '';
  return `${nhsNumber}  ${dateOfBirth.padEnd(12)} ${gender}  ${practice.padEnd(7)} ${name.padEnd(32)} ${purpose}${copies}${state}`.trimEnd();
}

/** A word that was meant as an action is looked for among the patients, and not found. */
function meant([word = '']: readonly string[]): string {
  const guess = nearest(word, Object.keys(ACTIONS));
  return guess === undefined ? '' : `; did you mean "patients ${guess}"?`;
}

async function list(invocation: Invocation): Promise<number> {
  const text = invocation.words.join(' ');
  const query = `?text=${encodeURIComponent(text)}${invocation.flags.all ? '&all=true' : ''}`;
  const found = await adminJson<PatientDescription[]>(invocation, 'GET', `/api/patients${query}`);
  if (found.length === 0)
    throw new VerbError(`no patient fits "${text}"; without words all are listed${meant(invocation.words)}`);
  if (invocation.flags.json) invocation.print(JSON.stringify(found, null, 2));
  else for (const description of found) invocation.print(line(description));
  return 0;
}

/** `family=Rowan`, `gp=` (taken away). */
function fieldsOf(words: readonly string[]): Fields {
  if (words.length === 0) throw new UsageError('name fields: family=Rowan given=Ada born=1980-01-31 gender=2');
  return Object.fromEntries(
    words.map((word) => {
      const equals = word.indexOf('=');
      if (equals < 1) throw new UsageError(`"${word}" is no field: write name=value, or name= to take it away`);
      return [word.slice(0, equals), word.slice(equals + 1) || null];
    }),
  );
}

async function show(invocation: Invocation, [number]: string[]): Promise<number> {
  const patient = await adminJson<Patient>(invocation, 'GET', `/api/world/patients/${numberIn(number)}`);
  invocation.print(JSON.stringify(patient, null, 2));
  return 0;
}

async function add(invocation: Invocation, words: string[]): Promise<number> {
  const { id } = await adminJson<{ id: string }>(invocation, 'POST', '/api/patients', fieldsOf(words));
  invocation.print(id);
  return 0;
}

async function change(invocation: Invocation, number: string | undefined, fields: Fields): Promise<number> {
  const path = `/api/patients/${numberIn(number)}`;
  const { nhsNumber, scn } = await adminJson<Patient>(invocation, 'PATCH', path, fields);
  invocation.print(`${nhsNumber} has serial change number ${scn} now`);
  return 0;
}

async function importFile(invocation: Invocation, [file]: string[]): Promise<number> {
  if (file === undefined) throw new UsageError('name a file: patients import people.csv');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new VerbError((error as Error).message);
  }
  const order = { file: basename(file), text };
  const { added, replaced, warnings } = await adminJson<Imported>(invocation, 'POST', '/api/patients/import', order);
  for (const warning of warnings) invocation.complain(formatProblem(warning));
  invocation.print(`${added} patients added, ${replaced} replaced`);
  return 0;
}

async function remove(invocation: Invocation, [number]: string[]): Promise<number> {
  await adminJson(invocation, 'DELETE', `/api/world/patients/${numberIn(number)}`);
  return 0;
}

/** Written as people write it: 999 601 0007. */
function numberIn(word: string | undefined): string {
  if (word === undefined) throw new UsageError('name an NHS number');
  return encodeURIComponent(word.replaceAll(/[ -]/g, ''));
}

const ACTIONS: Record<string, (invocation: Invocation, words: string[]) => Promise<number>> = {
  show,
  add,
  set: (invocation, [number, ...fields]) => change(invocation, number, fieldsOf(fields)),
  sensitive: (invocation, [number]) => {
    const code = textFlag(invocation, 'code') ?? 'S';
    return change(invocation, number, { confidentiality: code === 'none' ? null : code });
  },
  deceased: (invocation, [number]) => {
    const status = invocation.flags.informal ? '1' : '2';
    return change(invocation, number, { dateOfDeath: textFlag(invocation, 'on') ?? 'today', deathStatus: status });
  },
  alive: (invocation, [number]) => change(invocation, number, { dateOfDeath: null }),
  import: importFile,
  remove,
};

/** Actions that are what a record may be as well. */
const STATES = new Set(['sensitive', 'deceased']);

export const patients: Verb = {
  name: 'patients',
  usage: [
    'patients [<word> ...] [--all] [--json]',
    'patients show|remove <number>',
    'patients add <field>=<value> ...',
    'patients set <number> <field>=<value> ...',
    'patients sensitive <number> [--code S|Y|B|none]',
    'patients deceased <number> [--on <day>] [--informal]',
    'patients alive <number>',
    'patients import <file.csv|file.yaml>',
  ].join(' | '),
  summary:
    'list patients by what they are for ("patients superseded"), name, number or practice; add and change them, bring your own',
  flags: ['all', 'json', 'code', 'on', 'informal'],
  run(invocation) {
    const [action = '', ...words] = invocation.words;
    // "patients sensitive" asks who is; with a number it makes one so.
    if (STATES.has(action) && words.length === 0) return list(invocation);
    return ACTIONS[action]?.(invocation, words) ?? list(invocation);
  },
};

/** What a person's row may say, and where it goes in a record. */
import { parseTimestamp } from '../../hl7/timestamp.ts';
import type { Path } from '../../yaml/document.ts';
import { nearest } from '../../yaml/nearest.ts';

interface Field {
  name: string;
  /** Other names that files have for it; letter case and punctuation don't count. */
  aliases?: readonly string[];
  path: Path;
  /** From what people write to what a record has. */
  read?: (text: string) => unknown;
}

const GENDERS: Record<string, string> = { male: '1', m: '1', female: '2', f: '2', unknown: '0', u: '0', other: '9' };

/** Given in a record's own words, or with the number alone. */
const contact = (scheme: string) => (text: string) =>
  /^[a-z]+:/i.test(text) ? text : `${scheme}:${text.replaceAll(/\s/g, '')}`;

const DAY_FIRST = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/;

/** Also as spreadsheets of this country write it: 31/01/2024. What is no day stays as it is, to be told as it was written. */
function date(text: string): string {
  const [, day, month, year] = DAY_FIRST.exec(text) ?? [];
  const digits = [year, month?.padStart(2, '0'), day?.padStart(2, '0')];
  return year === undefined || !parseTimestamp(digits.join('')) ? text : digits.join('-');
}

const telecom = (index: number, name: string, scheme: string, aliases: string[]): Field => ({
  name,
  aliases,
  path: ['telecoms', index, 'value'],
  read: contact(scheme),
});

const line = (index: number): Field => ({
  name: `line${index + 1}`,
  aliases: [`address${index + 1}`, `addressline${index + 1}`],
  path: ['addresses', 0, 'lines', index],
});

/** Contacts by their place in `telecoms`. */
export const TELECOM_USES = ['HP', 'MC', 'HP', 'WP'] as const;

export const FIELDS: readonly Field[] = [
  { name: 'nhsNumber', aliases: ['nhs', 'nhsno', 'number'], path: ['nhsNumber'] },
  { name: 'scn', aliases: ['serialchangenumber'], path: ['scn'] },
  { name: 'prefix', aliases: ['title'], path: ['names', 0, 'prefix'] },
  {
    name: 'given',
    aliases: ['givenname', 'givennames', 'forename', 'forenames', 'firstname', 'firstnames'],
    path: ['names', 0, 'given'],
    read: (text) => text.split(/\s+/),
  },
  { name: 'family', aliases: ['familyname', 'surname', 'lastname'], path: ['names', 0, 'family'] },
  { name: 'suffix', path: ['names', 0, 'suffix'] },
  { name: 'gender', aliases: ['sex'], path: ['gender'], read: (text) => GENDERS[text.toLowerCase()] ?? text },
  { name: 'dateOfBirth', aliases: ['dob', 'born', 'birthdate'], path: ['dateOfBirth'], read: date },
  { name: 'dateOfDeath', aliases: ['dod', 'died', 'deathdate'], path: ['dateOfDeath'], read: date },
  { name: 'deathStatus', path: ['deathStatus'] },
  ...[0, 1, 2, 3, 4].map(line),
  { name: 'postcode', path: ['addresses', 0, 'postcode'] },
  telecom(0, 'phone', 'tel', ['homephone', 'telephone', 'tel']),
  telecom(1, 'mobile', 'tel', ['mobilephone']),
  telecom(2, 'email', 'mailto', ['mail', 'emailaddress']),
  telecom(3, 'workPhone', 'tel', []),
  { name: 'gp', aliases: ['practice', 'gppractice', 'ods', 'odscode', 'surgery'], path: ['gp', 'ods'] },
  { name: 'pharmacy', aliases: ['nominatedpharmacy', 'p1'], path: ['pharmacies', 0, 'ods'] },
  { name: 'confidentiality', aliases: ['sensitivity'], path: ['confidentiality'] },
  { name: 'invalid', path: ['invalid'] },
  { name: 'supersededBy', aliases: ['replacedby'], path: ['supersededBy'] },
  { name: 'removalReason', path: ['removalReason'] },
  { name: 'language', path: ['language'] },
  { name: 'purpose', aliases: ['note', 'comment'], path: ['purpose'] },
];

const plainName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const BY_NAME = new Map(
  FIELDS.flatMap((field) => [field.name, ...(field.aliases ?? [])].map((name) => [plainName(name), field] as const)),
);

export function fieldOf(name: string): Field | undefined {
  return BY_NAME.get(plainName(name));
}

/** The field that was probably meant, or which ones there are. */
export function fieldHint(name: string): string {
  const guess = nearest(plainName(name), BY_NAME.keys());
  if (guess !== undefined) return `did you mean "${BY_NAME.get(guess)!.name}"?`;
  return `there are ${FIELDS.map((field) => field.name).join(', ')}`;
}

/**
 * A record as a seed file would have it, from fields of those names; unknown names and empty texts are passed over. What goes
 * with a field is added: uses of names, addresses and contacts.
 */
export function recordOf(fields: Iterable<readonly [name: string, text: string]>): Record<string, unknown> {
  // biome-ignore lint/suspicious/noExplicitAny: built by paths, checked by the schema
  const record: any = {};
  for (const [name, text] of fields) {
    const field = fieldOf(name);
    if (!field || text === '') continue;
    const value = field.read?.(text) ?? text;
    let node = record;
    for (const [depth, part] of field.path.entries()) {
      if (depth === field.path.length - 1) node[part] = value;
      else node = node[part] ??= typeof field.path[depth + 1] === 'number' ? [] : {};
    }
  }
  if (record.names) record.names[0].use = 'L';
  if (record.addresses) {
    const [home] = record.addresses;
    home.use = 'H';
    home.lines = Array.from({ length: 5 }, (_, index) => home.lines?.[index] ?? '');
  }
  if (record.telecoms) {
    record.telecoms = TELECOM_USES.flatMap((use, index) =>
      record.telecoms[index] ? [{ use, ...record.telecoms[index] }] : [],
    );
  }
  if (record.pharmacies) record.pharmacies[0].type = 'P1';
  if (record.dateOfDeath) record.deathStatus ??= '2';
  return record;
}

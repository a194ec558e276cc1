/**
 * What must hold of a record when an update is done (rules of the public PDS specifications on patient data). Only what the
 * update brought is looked at: a record may be older than a rule.
 */
import type { Patient, PatientAddress, PatientItem, PatientName, PatientRegistration } from '../../world/types.ts';
import type { ItemChange, PatientUpdate, Stamp } from './change.ts';
import { breaks } from './fault.ts';

/** One of each may hold at a time. */
const SINGLE_ADDRESSES: readonly string[] = ['H', 'TMP', 'PST'];
const SINGLE_NAMES: readonly string[] = ['L', 'PREFERRED'];

/** Postcodes of no place in particular, such as ZZ99 3VZ for no fixed abode. */
const PSEUDO_POSTCODE = /^ZZ99 /;
const POSTCODE = /^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$/;

const LONGEST_LINE = 35;
const LONGEST_NAME_PART = 35;
/** Second and further given names. */
const LONGEST_GIVEN_NAMES = 100;
const LONGEST_TIMES = 40;
const MOST_RELATED = 5;

/** ISO 639, and q1 to q5 for sign languages and the like. */
const LANGUAGE = /^([a-z]{2,3}|q[1-5])$/;

/** Throws UpdateFault. `patient` is the record as it would be. */
export function checkRules(patient: Patient, before: Patient, update: PatientUpdate, { today }: Stamp): void {
  for (const { mode, item, objectId } of update.addresses) {
    if (item) checkAddress(item, today);
    if (mode === 'altered') checkSameUse(before.addresses, objectId, item?.use, 'address');
  }
  checkSingle(patient.addresses, SINGLE_ADDRESSES, update.addresses, 'address', today);
  for (const { mode, item, objectId } of update.names) {
    if (item) checkName(item, today);
    if (mode === 'altered') checkSameUse(before.names, objectId, item?.use, 'name');
    if (mode === 'removed' && before.names.find((name) => name.objectId === objectId)?.use === 'L') {
      breaks('UNABLE_TO_DELETE_USUAL_NAME', 'the usual name may be altered, and not removed');
    }
  }
  checkSingle(patient.names, SINGLE_NAMES, update.names, 'name', today);
  for (const { item } of update.telecoms) if (item) notLater(item.from, today, 'contact');
  for (const { item } of update.provisions) if (item?.type === undefined) notLater(item?.from, today, 'practice');
  const related = (patient.related ?? []).filter(({ recordedTo }) => recordedTo === undefined);
  if (related.length > MOST_RELATED) breaks(undefined, `more than ${MOST_RELATED} related persons`);
  checkDates(patient, update, today);
  checkFacts(update);
}

export interface Beginning {
  names: readonly PatientName[];
  addresses: readonly PatientAddress[];
  provisions: readonly PatientRegistration[];
}

/** What a record may begin with: one of each that there is one of at a time. */
export function checkBeginning({ names, addresses, provisions }: Beginning, today: string): void {
  const added = <Item extends PatientItem>(items: readonly Item[]) =>
    items.map((item) => ({ mode: 'added' as const, item }));
  checkSingle(addresses, SINGLE_ADDRESSES, added(addresses), 'address', today, 'send one');
  checkSingle(names, SINGLE_NAMES, added(names), 'name', today, 'send one');
  const kinds = provisions.map(({ type = '1' }) => type);
  const twice = kinds.find((type, at) => kinds.indexOf(type) !== at);
  if (twice !== undefined) breaks(undefined, `two care provisions of the code ${twice}: send one`);
}

export function checkAddress(address: Omit<PatientAddress, 'objectId'>, today: string): void {
  const { use, lines, postcode, pafKey, from, to } = address;
  const [house, street, , town] = lines;
  const long = lines.find((line) => line.length > LONGEST_LINE);
  if (long !== undefined) breaks(undefined, `an address line is longer than ${LONGEST_LINE}`);
  const elsewhere = postcode !== undefined && (pafKey !== undefined || PSEUDO_POSTCODE.test(postcode));
  if (!elsewhere && !((house || street) && town)) {
    breaks('INCORRECT_NUMBER_OF_ADDRESS_LINES', 'line 1 or 2, and line 4, must be filled');
  }
  if (postcode !== undefined && !POSTCODE.test(postcode)) {
    breaks('UNSUPPORTED_CHARACTERS_IN_FIELD', `"${postcode}" is no postcode with its space`);
  }
  if (use === 'H') {
    if (to !== undefined) breaks(undefined, 'a home address has no end date');
    notLater(from, today, 'home address');
  } else if ((use === 'TMP' || use === 'PST') && (from === undefined || to === undefined)) {
    breaks(undefined, `an address of use ${use} needs its first and its last day`);
  }
}

export function checkName({ given, family, prefix, suffix, from }: Omit<PatientName, 'objectId'>, today: string): void {
  const parts = [prefix, suffix, family, given[0]];
  if (parts.some((part) => (part?.length ?? 0) > LONGEST_NAME_PART)) {
    breaks(undefined, `a part of a name is longer than ${LONGEST_NAME_PART}`);
  }
  if (given.slice(1).some((part) => part.length > LONGEST_GIVEN_NAMES)) {
    breaks(undefined, `a further given name is longer than ${LONGEST_GIVEN_NAMES}`);
  }
  notLater(from, today, 'name');
}

function notLater(from: string | undefined, today: string, noun: string): void {
  if (from !== undefined && from > today) breaks(undefined, `the ${noun} begins in the future`);
}

function checkSameUse(
  items: readonly (PatientItem & { use: string })[],
  objectId: string | undefined,
  use: string | undefined,
  noun: string,
): void {
  const old = items.find((item) => item.objectId === objectId);
  if (old && use !== undefined && old.use !== use) {
    breaks(undefined, `the ${noun} ${objectId} has the use ${old.use}, which an alteration cannot change`);
  }
}

function checkSingle<Item extends PatientItem & { use: string }>(
  items: readonly Item[],
  single: readonly string[],
  changes: readonly ItemChange<Item>[],
  noun: string,
  today: string,
  advice = 'alter it',
): void {
  for (const use of new Set(changes.map(({ item }) => item?.use))) {
    if (use === undefined || !single.includes(use)) continue;
    const live = items.filter((item) => item.use === use && item.recordedTo === undefined);
    const open = live.filter(({ to }) => to === undefined || to >= today);
    if (open.some((one, at) => open.slice(at + 1).some((other) => overlap(one, other)))) {
      breaks(undefined, `for that time the record has the ${noun} of use ${use} already: ${advice}`);
    }
  }
}

/** Whether both hold on some day. */
function overlap(one: PatientItem, other: PatientItem): boolean {
  const before = ({ to }: PatientItem, { from }: PatientItem) => to !== undefined && from !== undefined && to < from;
  return !before(one, other) && !before(other, one);
}

/** Dates are HL7 digits of any precision; compared by the day. */
function checkDates({ dateOfBirth, dateOfDeath }: Patient, update: PatientUpdate, today: string): void {
  if (!update.dateOfBirth && !update.death) return;
  const born = dateOfBirth?.slice(0, 8);
  const died = dateOfDeath?.slice(0, 8);
  const now = today.replaceAll('-', '');
  if (born !== undefined && born > now.slice(0, born.length)) breaks('ILLEGAL_DATE_FORMAT', 'born in the future');
  if (died !== undefined && died > now) breaks('ILLEGAL_DATE_FORMAT', 'died in the future');
  if (born !== undefined && died !== undefined && died.slice(0, born.length) < born) {
    breaks('ILLEGAL_DATE_FORMAT', 'died before the birth');
  }
}

type CheckedFacts = Pick<PatientUpdate, 'gender' | 'birthOrder' | 'language' | 'contactMethod'>;

export function checkFacts({ gender, birthOrder, language, contactMethod }: CheckedFacts): void {
  if (gender?.value === '9') breaks(undefined, 'gender 9 may be read, and not set');
  if (birthOrder?.value !== undefined && !(birthOrder.value >= 1 && birthOrder.value <= 9)) {
    breaks(undefined, 'the birth order is 1 to 7, 8 for not applicable or 9 for not known');
  }
  const spoken = language?.value?.language;
  if (spoken?.toLowerCase() === 'en') breaks(undefined, 'the preferred language is never English');
  if (spoken !== undefined && !LANGUAGE.test(spoken))
    breaks(undefined, `"${spoken}" is no code of a language, such as fr`);
  if ((contactMethod?.value?.times?.length ?? 0) > LONGEST_TIMES) {
    breaks(undefined, `the contact times are longer than ${LONGEST_TIMES}`);
  }
}

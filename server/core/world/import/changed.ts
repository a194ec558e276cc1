/** A record changed as a registration clerk changes it: what was there becomes history. */
import type {
  Patient,
  PatientAddress,
  PatientItem,
  PatientName,
  PatientRegistration,
  PatientTelecom,
} from '../types.ts';
import { recordOf } from './fields.ts';

/** What is lost with a field that is taken away. */
const GOES_WITH: Record<string, readonly (keyof Patient)[]> = {
  dateOfDeath: ['dateOfDeath', 'deathStatus'],
  gp: ['gp'],
  pharmacy: ['pharmacies'],
  removalReason: ['removalReason', 'removalDate'],
};

/** Without these there is no record. */
const MUST_STAY: readonly string[] = ['nhsNumber', 'scn', 'family', 'gender'];

const NAME_PARTS = ['prefix', 'given', 'suffix'] as const;
const ADDRESS_LINES = 5;

/** Use and scheme of the contact that each field is. */
const CONTACTS: Readonly<Record<string, readonly [use: string, scheme: string]>> = {
  phone: ['HP', 'tel'],
  mobile: ['MC', 'tel'],
  email: ['HP', 'mailto'],
  workPhone: ['WP', 'tel'],
};

type Fields = Readonly<Record<string, string | null>>;

/** Why those fields can't be changed so, as a sentence; undefined when they can. */
export function whyNot({ nhsNumber }: Patient, fields: Fields): string | undefined {
  const gone = MUST_STAY.find((name) => fields[name] === null);
  if (gone !== undefined) return `${gone} can't be taken away`;
  const other = fields.nhsNumber?.replaceAll(/[ -]/g, '');
  if (other === undefined || other === nhsNumber) return undefined;
  return `the number of a record stays ${nhsNumber}: add another patient, or merge this one by supersededBy=${other}`;
}

/** `today` and `yesterday` are days (`YYYY-MM-DD`). */
export interface Days {
  today: string;
  yesterday: string;
}

/**
 * The record with those fields (names as in `fields.ts`; null takes a field away) and the next serial change number, as `put`
 * takes it. Names, home address and practice that hold now end yesterday; what began today is replaced.
 */
export function changed(patient: Patient, fields: Fields, days: Days): Record<string, unknown> {
  const texts = Object.entries(fields).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
  const { names, addresses, telecoms, gp, ...plain } = recordOf(texts) as Partial<Patient>;
  const record: Partial<Patient> = { ...structuredClone(patient), scn: patient.scn + 1 };
  for (const [name, text] of Object.entries(fields)) {
    if (text !== null) continue;
    for (const gone of GOES_WITH[name] ?? [name as keyof Patient]) {
      if (gone === 'gp' && record.gp) record.gpHistory = [...ended(record.gp, days), ...(record.gpHistory ?? [])];
      delete record[gone];
    }
  }
  Object.assign(record, plain);
  const partsGone = NAME_PARTS.filter((part) => fields[part] === null);
  if (names || partsGone.length > 0) record.names = withName(record.names!, names?.[0] ?? {}, partsGone, days);
  if (addresses || LINES_AND_POSTCODE.some((name) => fields[name] === null)) {
    record.addresses = withAddress(record.addresses!, fields, days);
  }
  for (const [name, [use, scheme]] of Object.entries(CONTACTS)) {
    if (fields[name] === null) record.telecoms = withoutTelecom(record.telecoms!, use, scheme, days);
  }
  for (const telecom of telecoms ?? []) record.telecoms = withTelecom(record.telecoms!, telecom, days);
  if (gp) {
    const before = record.gp ? ended(record.gp, days) : [];
    record.gpHistory = [...before, ...(record.gpHistory ?? [])];
    record.gp = { ods: gp.ods, from: days.today } as PatientRegistration;
    delete record.removalReason;
    delete record.removalDate;
  }
  return record as Record<string, unknown>;
}

const holds = (item: PatientItem, { today }: Days): boolean => item.to === undefined || item.to >= today;

/** As history; what began today leaves none. */
function ended<T extends PatientItem>(item: T, { today, yesterday }: Days): T[] {
  return (item.from ?? '') >= today ? [] : [{ ...item, to: yesterday }];
}

function withName(
  names: PatientName[],
  fresh: Partial<PatientName>,
  gone: readonly (typeof NAME_PARTS)[number][],
  days: Days,
): PatientName[] {
  const usual = names.find((name) => name.use === 'L' && holds(name, days));
  const {
    objectId: _old,
    from: _from,
    to: _to,
    ...kept
  } = usual ?? ({ use: 'L', given: [], family: '' } as unknown as PatientName);
  const past = usual ? ended(usual, days).map((name) => ({ ...name, use: 'PREVIOUS' })) : [];
  const now = { ...kept, ...fresh, from: days.today } as PatientName;
  for (const part of gone) {
    if (part === 'given') now.given = [];
    else delete now[part];
  }
  return [now, ...names.filter((name) => name !== usual), ...past];
}

const LINE_NAMES = Array.from({ length: ADDRESS_LINES }, (_, index) => `line${index + 1}`);
const LINES_AND_POSTCODE = [...LINE_NAMES, 'postcode'];

/** Lines that are not given stay as they are, unless another postcode comes with some: then it is another house. */
function withAddress(addresses: PatientAddress[], fields: Fields, days: Days): PatientAddress[] {
  const home = addresses.find((address) => address.use === 'H' && holds(address, days));
  const postcode = fields.postcode === undefined ? home?.postcode : fields.postcode;
  const moved = postcode !== home?.postcode && LINE_NAMES.some((name) => fields[name]);
  const lines = LINE_NAMES.map((name, index) => {
    const text = fields[name];
    if (text === undefined) return moved ? '' : (home?.lines[index] ?? '');
    return text ?? '';
  });
  const address = { use: 'H', lines, ...(postcode && { postcode }), from: days.today } as PatientAddress;
  return [address, ...addresses.filter((other) => other !== home), ...(home ? ended(home, days) : [])];
}

const schemeOf = (value: string) => value.slice(0, value.indexOf(':'));

function withoutTelecom(telecoms: PatientTelecom[], use: string, scheme: string, days: Days): PatientTelecom[] {
  const gone = telecoms.find((own) => own.use === use && schemeOf(own.value) === scheme && holds(own, days));
  return [...telecoms.filter((own) => own !== gone), ...(gone ? ended(gone, days) : [])];
}

function withTelecom(telecoms: PatientTelecom[], fresh: PatientTelecom, days: Days): PatientTelecom[] {
  const others = withoutTelecom(telecoms, fresh.use, schemeOf(fresh.value), days);
  return [{ ...fresh, from: days.today }, ...others];
}

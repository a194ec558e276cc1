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
};

/** `today` and `yesterday` are days (`YYYY-MM-DD`). */
export interface Days {
  today: string;
  yesterday: string;
}

/**
 * The record with those fields (names as in `fields.ts`; null takes a field away) and the next serial change number, as `put`
 * takes it. Names, home address and practice that hold now end yesterday; what began today is replaced.
 */
export function changed(patient: Patient, fields: Record<string, string | null>, days: Days): Record<string, unknown> {
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
  if (names) record.names = withName(record.names!, names[0]!, days);
  if (addresses) record.addresses = withAddress(record.addresses!, addresses[0]!, texts, days);
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

function withName(names: PatientName[], fresh: Partial<PatientName>, days: Days): PatientName[] {
  const usual = names.find((name) => name.use === 'L' && holds(name, days));
  const {
    objectId: _old,
    from: _from,
    to: _to,
    ...kept
  } = usual ?? ({ use: 'L', given: [], family: '' } as unknown as PatientName);
  const past = usual ? ended(usual, days).map((name) => ({ ...name, use: 'PREVIOUS' })) : [];
  return [{ ...kept, ...fresh, from: days.today } as PatientName, ...names.filter((name) => name !== usual), ...past];
}

/** Lines that are not given stay as they are, unless the postcode is another: then it is another house. */
function withAddress(
  addresses: PatientAddress[],
  fresh: Partial<PatientAddress>,
  texts: readonly (readonly [string, string])[],
  days: Days,
): PatientAddress[] {
  const home = addresses.find((address) => address.use === 'H' && holds(address, days));
  const saysLines = texts.some(([name]) => /line|address/i.test(name));
  const lines = saysLines ? fresh.lines : (home?.lines ?? fresh.lines);
  const postcode = fresh.postcode ?? home?.postcode;
  const past = home ? ended(home, days) : [];
  const moved = {
    use: 'H',
    lines,
    ...(postcode === undefined ? {} : { postcode }),
    from: days.today,
  } as PatientAddress;
  return [moved, ...addresses.filter((address) => address !== home), ...past];
}

function withTelecom(telecoms: PatientTelecom[], fresh: PatientTelecom, days: Days): PatientTelecom[] {
  const scheme = (value: string) => value.slice(0, value.indexOf(':'));
  const before = telecoms.find(
    (own) => own.use === fresh.use && scheme(own.value) === scheme(fresh.value) && holds(own, days),
  );
  const past = before ? ended(before, days) : [];
  return [{ ...fresh, from: days.today }, ...telecoms.filter((own) => own !== before), ...past];
}

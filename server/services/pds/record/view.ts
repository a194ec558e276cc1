/** What a reply shows of a record: today's items or all of them, and for a sensitive record hardly any. */

import type {
  Patient,
  PatientAddress,
  PatientItem,
  PatientName,
  PatientRegistration,
  PatientRelated,
  PatientTelecom,
} from '../../../core/world/types.ts';
import type { Merged } from './lookup.ts';

/** The code of a care provision: 1 is the registered GP practice, P1 to P3 are nominated pharmacies and suppliers. */
export function provisionCode({ type }: PatientRegistration): string {
  return type ?? '1';
}

export interface RecordView {
  patient: Patient;
  /** Sensitive: nothing that could lead to the patient's whereabouts. */
  redacted: boolean;
  /** History was asked for: past items follow the current ones, and each says who recorded it and when. */
  history: boolean;
  names: readonly PatientName[];
  addresses: readonly PatientAddress[];
  telecoms: readonly PatientTelecom[];
  provisions: readonly PatientRegistration[];
  related: readonly PatientRelated[];
  /** Numbers that lead to the record now. */
  merged: readonly Merged[];
}

/** Confidentiality codes under which location is withheld. That B and Y are shown in full is assumed. */
const REDACTED: readonly (string | undefined)[] = ['S'];

const NONE: readonly never[] = [];

export interface ViewOptions {
  history: boolean;
  /** `YYYY-MM-DD` of the space's clock. */
  today: string;
  merged?: readonly Merged[];
}

export function viewRecord(patient: Patient, { history, today, merged = NONE }: ViewOptions): RecordView {
  const redacted = isRedacted(patient);
  const shown = <Item extends PatientItem>(items: readonly Item[] = NONE): readonly Item[] => {
    if (!items.some((item) => isPast(item, today))) return items;
    const current = items.filter((item) => !isPast(item, today));
    return history ? [...current, ...items.filter((item) => isPast(item, today))] : current;
  };
  const gps = [...(patient.gp ? [patient.gp] : []), ...(patient.gpHistory ?? [])];
  return {
    patient,
    redacted,
    history: history && !redacted,
    names: shown(patient.names),
    addresses: redacted ? [] : shown(patient.addresses),
    telecoms: redacted ? [] : shown(patient.telecoms),
    provisions: redacted ? [] : [...shown(gps), ...shown(patient.pharmacies)],
    related: redacted ? [] : shown(patient.related),
    merged,
  };
}

export function isRedacted(patient: Patient): boolean {
  return REDACTED.includes(patient.confidentiality);
}

/**
 * An item counts on its last day still, unless an update withdrew it. Items that begin later are shown: senders of letters
 * need to know of them.
 */
function isPast({ to, recordedTo }: PatientItem, today: string): boolean {
  if (recordedTo !== undefined) return true;
  return to !== undefined && to < today.slice(0, to.length);
}

/** Names that a match shows beside the usual one: alias and preferred, not the previous ones. */
const SHOWN_NAMES: readonly string[] = ['L', 'A', 'PREFERRED'];

/** What a trace shows of a record: home address and names in use, as they hold today. */
export function viewMatch(patient: Patient, today: string): RecordView {
  const view = viewRecord(patient, { history: false, today });
  const begun = ({ from }: PatientItem) => from === undefined || from <= today;
  return {
    ...view,
    names: view.names.filter((name) => SHOWN_NAMES.includes(name.use) && begun(name)),
    addresses: view.addresses.filter((address) => address.use === 'H' && begun(address)),
    telecoms: view.telecoms.filter(begun),
  };
}

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
  /** How much of it an answer of MIM 4.2 shows. */
  mim42Record: 'short' | 'whole';
}

/** The confidentiality code under which location is withheld, and those for which it is a setting. */
const SENSITIVE = 'S';
const STOP_NOTED: readonly (string | undefined)[] = ['B', 'Y'];

const NONE: readonly never[] = [];

export interface ViewOptions {
  history: boolean;
  /** `YYYY-MM-DD` of the space's clock. */
  today: string;
  merged?: readonly Merged[];
  /** How records with B and Y are shown; full where absent. */
  stopNoted?: 'full' | 'redacted';
  /** Short where absent. */
  mim42Record?: RecordView['mim42Record'];
}

export function viewRecord(patient: Patient, options: ViewOptions): RecordView {
  const { history, today, merged = NONE, stopNoted, mim42Record = 'short' } = options;
  const redacted = isRedacted(patient, stopNoted);
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
    mim42Record,
  };
}

function isRedacted({ confidentiality }: Patient, stopNoted: ViewOptions['stopNoted']): boolean {
  return confidentiality === SENSITIVE || (stopNoted === 'redacted' && STOP_NOTED.includes(confidentiality));
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
export function viewMatch(patient: Patient, options: Omit<ViewOptions, 'history'>): RecordView {
  const { today } = options;
  const view = viewRecord(patient, { ...options, history: false });
  const begun = ({ from }: PatientItem) => from === undefined || from <= today;
  return {
    ...view,
    names: view.names.filter((name) => SHOWN_NAMES.includes(name.use) && begun(name)),
    addresses: view.addresses.filter((address) => address.use === 'H' && begun(address)),
    telecoms: view.telecoms.filter(begun),
  };
}

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

/** Care provision: code 1 is the registered GP practice, P1 to P3 nominated pharmacies and suppliers. */
export interface CareProvision extends PatientRegistration {
  type: string;
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
  provisions: readonly CareProvision[];
  related: readonly PatientRelated[];
}

/** Confidentiality codes under which location is withheld. That B and Y are shown in full is assumed. */
const REDACTED: readonly (string | undefined)[] = ['S'];

const GP = '1';

/** `today`: `YYYY-MM-DD` of the space's clock. */
export function viewRecord(patient: Patient, options: { history: boolean; today: string }): RecordView {
  const { history, today } = options;
  const redacted = isRedacted(patient);
  const shown = <Item extends PatientItem>(items: readonly Item[] | undefined): readonly Item[] => {
    const current = (items ?? []).filter((item) => !isPast(item, today));
    return history ? [...current, ...(items ?? []).filter((item) => isPast(item, today))] : current;
  };
  const gps = [...(patient.gp ? [patient.gp] : []), ...(patient.gpHistory ?? [])];
  const provisions = [...shown(gps), ...shown(patient.pharmacies)];
  return {
    patient,
    redacted,
    history: history && !redacted,
    names: shown(patient.names),
    addresses: redacted ? [] : shown(patient.addresses),
    telecoms: redacted ? [] : shown(patient.telecoms),
    provisions: redacted ? [] : provisions.map((provision) => ({ ...provision, type: provision.type ?? GP })),
    related: redacted ? [] : shown(patient.related),
  };
}

export function isRedacted(patient: Patient): boolean {
  return REDACTED.includes(patient.confidentiality);
}

/** An item counts on its last day still. Items that begin later are shown: senders of letters need to know of them. */
function isPast({ to }: PatientItem, today: string): boolean {
  return to !== undefined && to < today.slice(0, to.length);
}

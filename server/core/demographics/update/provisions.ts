/** Changes of who cares for a patient: one registered practice, one each of the nominated pharmacies and suppliers. */
import type { Patient, PatientRegistration } from '../../world/types.ts';
import type { ItemChange, PatientUpdate } from './change.ts';
import { breaks } from './fault.ts';
import { changeItems, ended, type ItemRules, recorded } from './items.ts';

/** Changes the record in place. */
export function changeProvisions(patient: Patient, { provisions, removal }: PatientUpdate, rules: ItemRules): void {
  for (const change of provisions) {
    if (isPractice(patient, change)) changePractice(patient, change, rules);
    else changeNominated(patient, change, rules);
  }
  if (!removal) return;
  if (removal.value) {
    if (patient.gp) {
      patient.gpHistory = [ended(patient.gp, rules.stamp, removal.value.date), ...(patient.gpHistory ?? [])];
      delete patient.gp;
    }
    patient.removalReason = removal.value.reason;
    patient.removalDate = removal.value.date ?? rules.stamp.today;
  } else {
    delete patient.removalReason;
    delete patient.removalDate;
  }
}

/** A removal may name no type: the object id tells. */
function isPractice(patient: Patient, { item, objectId }: ItemChange<PatientRegistration>): boolean {
  return item ? item.type === undefined : objectId === undefined || objectId === patient.gp?.objectId;
}

function changePractice(patient: Patient, change: ItemChange<PatientRegistration>, rules: ItemRules): void {
  const { gp } = patient;
  if (change.mode === 'added') {
    if (gp) breaks(undefined, 'the record has a registered practice already: alter it');
    patient.gp = recorded(change.item!, rules.stamp);
    delete patient.removalReason;
    delete patient.removalDate;
    return;
  }
  // The same as for a list of one.
  const items = gp ? [gp] : [];
  changeItems(items, [change], { ...rules, noun: 'registered practice' });
  const current = items.filter(({ recordedTo }) => recordedTo === undefined);
  const past = items.filter(({ recordedTo }) => recordedTo !== undefined);
  if (current[0]) patient.gp = current[0];
  else delete patient.gp;
  patient.gpHistory = [...past, ...(patient.gpHistory ?? [])];
}

function changeNominated(patient: Patient, change: ItemChange<PatientRegistration>, rules: ItemRules): void {
  patient.pharmacies ??= [];
  changeItems(patient.pharmacies, [meant(patient.pharmacies, change)], { ...rules, noun: 'care provision' });
  const current = patient.pharmacies.filter(({ recordedTo }) => recordedTo === undefined);
  for (const type of ['P1', 'P2', 'P3']) {
    if (current.filter((item) => item.type === type).length > 1) {
      breaks(undefined, `the record has a care provision ${type} already: alter it`);
    }
  }
}

/**
 * There is one of each type, so the type tells what is altered where the object id does not: a client in the field alters every
 * patient's nominated pharmacy under one and the same id.
 */
function meant(items: readonly PatientRegistration[], change: ItemChange<PatientRegistration>) {
  const current = items.filter(({ recordedTo }) => recordedTo === undefined);
  if (change.mode !== 'altered' || current.some(({ objectId }) => objectId === change.objectId)) return change;
  const held = current.find(({ type }) => type === change.item?.type);
  return held ? { ...change, objectId: held.objectId } : change;
}

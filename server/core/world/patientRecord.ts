/** What a patient record needs beyond its schema: five address lines and an object id on every item. */
import { hash } from 'node:crypto';
import { itemsOf } from './check/patient.ts';
import type { Patient, PatientAddress } from './types.ts';

/** PDS shows tokens such as "cppz": letters and digits, unique within the patient. */
const OBJECT_ID_LENGTH = 5;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ADDRESS_LINES = 5;

/**
 * Completes a record in place and returns it. An object id that is missing is made from what the item says, dates aside, so
 * that the same seed gives the same id on every day and an item that is replaced gets another one.
 */
export function completePatient(patient: Patient): Patient {
  for (const address of addressesOf(patient)) while (address.lines.length < ADDRESS_LINES) address.lines.push('');
  const items = itemsOf(patient);
  const used = new Set(items.map((item) => item.objectId));
  for (const item of items) {
    if (item.objectId !== undefined) continue;
    const { from, to, source, recordedFrom, recordedTo, ...content } = item;
    const text = `${patient.nhsNumber} ${JSON.stringify(content)}`;
    let attempt = 0;
    while (item.objectId === undefined || used.has(item.objectId)) item.objectId = token(`${text} ${attempt++}`);
    used.add(item.objectId);
  }
  return patient;
}

function addressesOf(patient: Patient): PatientAddress[] {
  const related = patient.related ?? [];
  return [...patient.addresses, ...related.flatMap(({ address }) => (address ? [address] : []))];
}

function token(text: string): string {
  const digest = hash('sha256', text, 'buffer');
  let id = '';
  for (let index = 0; index < OBJECT_ID_LENGTH; index++) id += ALPHABET[digest[index]! % ALPHABET.length];
  return id;
}

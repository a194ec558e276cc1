/** Serial numbers of four bytes, as the published leaves have. */
import { createHash, type KeyObject } from 'node:crypto';
import { spkiDer } from './keys.ts';
import type { Period } from './period.ts';

/**
 * Eight hexadecimal digits drawn from the certified key and the period, so that no random number is needed: the key is one.
 * The first digit is 4 to 7, which keeps the number positive and its encoding four bytes. `taken` says which are in use.
 */
export function freshSerial(key: KeyObject, period: Period, taken: (serial: string) => boolean = () => false): string {
  for (let attempt = 0; ; attempt++) {
    const digest = createHash('sha256')
      .update(spkiDer(key))
      .update(`${period.notBefore}/${period.notAfter}/${attempt}`);
    const bytes = digest.digest().subarray(0, 4);
    bytes[0] = (bytes[0]! & 0x3f) | 0x40;
    const serial = bytes.toString('hex').toUpperCase();
    if (!taken(serial)) return serial;
  }
}

/** A serial number as people paste it (`4A:00:BC:01`, `0x4a00bc01`, leading zeros) in the form kept in the index. */
export function normalSerial(text: string): string {
  return text
    .replace(/^0x/i, '')
    .replace(/[\s:]/g, '')
    .replace(/^0+(?=.)/, '')
    .toUpperCase();
}

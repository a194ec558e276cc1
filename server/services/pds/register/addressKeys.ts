/** What some senders write for "no address key": PDS drops it, and warns. */
import type { NewPatient } from '../../../core/demographics/register/register.ts';

type Address = NewPatient['addresses'][number];

/** A warning of PDS: Spine's name of the check, and what it is about. */
export type Warning = [rule: string, detail: string];

const NO_ADDRESS_KEY = '0';

export function withoutEmptyKeys(addresses: readonly Address[]): { addresses: Address[]; warnings: Warning[] } {
  const keyless = addresses.some(({ pafKey }) => pafKey === NO_ADDRESS_KEY);
  return {
    addresses: addresses.map(({ pafKey, ...address }) =>
      pafKey === undefined || pafKey === NO_ADDRESS_KEY ? address : { ...address, pafKey },
    ),
    warnings: keyless ? [['INVALID_VALUE', '0 address.addressKey']] : [],
  };
}

/**
 * Ids for new entries. They are made of what the system is, not counted: the same registration gets the same ids in every run,
 * after a reset, and wherever it stands in a file. In another space it gets others, because an ASID tells whose space is meant.
 */
import { createHash } from 'node:crypto';
import { DEFAULT_SPACE } from '../../space/space.ts';

/** New ASIDs have twelve digits and begin with 2000. */
const FIRST_ASID = 200_000_100_000;
const ASIDS = 99_899_000;

/** New party keys have six digits behind the ODS code, counted from here. */
const FIRST_PARTY = 850_000;
const PARTIES = 149_999;

/** Product keys are numbers; these have five digits. */
const FIRST_PRODUCT = 10_000;
const PRODUCTS = 89_999;

/** CPA ids of suppliers' entries are hexadecimal digits in lower case. */
const CPA_ID_LENGTH = 20;

/** What the ids of a system are made of. */
export interface SystemIdentity {
  space: string;
  ods: string;
  product: string;
  manufacturer: string | undefined;
}

function seedOf({ space, ods, product, manufacturer = '' }: SystemIdentity): string {
  return JSON.stringify([space === DEFAULT_SPACE ? '' : space, ods, product, manufacturer]);
}

function numberOf(text: string, limit: number): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) % limit;
}

/** Twelve digits that nobody has. */
export function newAsid(identity: SystemIdentity, taken: (asid: string) => boolean): string {
  return firstFree(numberOf(`asid ${seedOf(identity)}`, ASIDS), ASIDS, (n) => String(FIRST_ASID + n), taken);
}

/** `<ODS>-<6 digits>` that nobody has. */
export function newPartyKey(identity: SystemIdentity, taken: (partyKey: string) => boolean): string {
  const show = (n: number) => `${identity.ods}-${FIRST_PARTY + n}`;
  return firstFree(numberOf(`party ${seedOf(identity)}`, PARTIES), PARTIES, show, taken);
}

/** One number for one manufacturer's product in one version, wherever it is registered. */
export function productKey(manufacturer: string | undefined, product: string, version: string): string {
  return String(FIRST_PRODUCT + numberOf(JSON.stringify([manufacturer ?? '', product, version]), PRODUCTS));
}

/** Made of party key and interaction, which together have one contract. */
export function newCpaId(partyKey: string, svcIa: string, taken: (cpaId: string) => boolean): string {
  for (let n = 0; ; n++) {
    const hash = createHash('sha256').update(`cpa ${partyKey} ${svcIa}${n === 0 ? '' : ` ${n}`}`);
    const id = hash.digest('hex').slice(0, CPA_ID_LENGTH);
    if (!taken(id)) return id;
  }
}

/** In the shape of real mailbox ids: ODS code, two letters, three digits. */
export function newMailboxId(ods: string, taken: (id: string) => boolean): string {
  for (let n = 1; ; n++) {
    const id = `${ods}OT${String(n).padStart(3, '0')}`;
    if (!taken(id)) return id;
  }
}

function firstFree(start: number, count: number, show: (n: number) => string, taken: (id: string) => boolean): string {
  let n = start;
  while (taken(show(n))) {
    n = (n + 1) % count;
    if (n === start) throw new RangeError('no id is left');
  }
  return show(n);
}

/** The index of what was issued and revoked: a small JSON file beside the authorities, without any key. */
import type { AuthorityName } from '../../../certs/recipes.ts';
import { PkiError, reasonOf } from './errors.ts';
import type { PkiFolder } from './files.ts';

export type Purpose = 'server' | 'client' | 'outbound' | 'card';

/** Reasons of RFC 5280 5.3.1 that make sense for a leaf, with their codes. */
export const REASON_CODES = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const;

export type RevocationReason = keyof typeof REASON_CODES;

export interface IssuedRecord {
  /** Upper-case hexadecimal, no leading zeros. */
  serial: string;
  issuer: AuthorityName;
  cn: string;
  purpose: Purpose;
  /** ISO times. */
  notBefore: string;
  notAfter: string;
  fingerprint256: string;
  /** Serial number printed on the smartcard. */
  card?: string;
  revoked?: { at: string; reason: RevocationReason };
}

const FILE = 'issued.json';

/** A long load test should not make every further certificate slower; beyond this the oldest that is not revoked is forgotten. */
const MOST_RECORDS = 10_000;

export class IssuedIndex {
  readonly #folder: PkiFolder;
  #records: IssuedRecord[];
  readonly #bySerial = new Map<string, IssuedRecord>();
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  private constructor(folder: PkiFolder, records: IssuedRecord[]) {
    this.#folder = folder;
    this.#records = records;
    for (const record of records) this.#bySerial.set(record.serial, record);
  }

  /** Throws PkiError (`PKI_FILE`) for a file that is no index: starting afresh would bring revoked certificates back to life. */
  static async open(folder: PkiFolder): Promise<IssuedIndex> {
    const text = await folder.read(FILE);
    if (text === undefined) return new IssuedIndex(folder, []);
    try {
      const { issued } = JSON.parse(text) as { issued: IssuedRecord[] };
      if (!Array.isArray(issued) || issued.some((record) => typeof record?.serial !== 'string')) {
        throw new Error('it has no list "issued" of records with serial numbers');
      }
      return new IssuedIndex(folder, issued);
    } catch (error) {
      const message = `${folder.path(FILE)} is not the index of issued certificates: ${reasonOf(error)}. Restore it, or delete it to forget what was revoked`;
      throw new PkiError('PKI_FILE', message, { cause: error });
    }
  }

  has = (serial: string): boolean => this.#bySerial.has(serial);

  get(serial: string): IssuedRecord | undefined {
    return this.#bySerial.get(serial);
  }

  /** Newest last. */
  list(): readonly IssuedRecord[] {
    return this.#records;
  }

  revokedBy(issuer: AuthorityName): IssuedRecord[] {
    return this.#records.filter((record) => record.issuer === issuer && record.revoked);
  }

  async add(record: IssuedRecord): Promise<void> {
    this.#records.push(record);
    this.#bySerial.set(record.serial, record);
    if (this.#records.length > MOST_RECORDS) {
      const oldest = this.#records.findIndex((old) => !old.revoked);
      const [forgotten] = this.#records.splice(Math.max(oldest, 0), 1);
      if (forgotten) this.#bySerial.delete(forgotten.serial);
    }
    await this.#save();
  }

  /** Throws PkiError (`SERIAL_UNKNOWN`). Revoking again keeps the first date, as a revocation list would. */
  async revoke(serial: string, reason: RevocationReason, at: number): Promise<IssuedRecord> {
    const record = this.#bySerial.get(serial);
    if (!record) throw new PkiError('SERIAL_UNKNOWN', `no certificate with serial number ${serial} was issued here`);
    record.revoked ??= { at: new Date(at).toISOString(), reason };
    await this.#save();
    return record;
  }

  /** One write after the other, each with all that is known by then; those who wait for the same write share it. */
  #save(): Promise<void> {
    this.#queued ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#queued = undefined;
        return this.#folder.write(FILE, `${JSON.stringify({ issued: this.#records }, null, 1)}\n`);
      });
    this.#writing = this.#queued;
    return this.#queued;
  }
}

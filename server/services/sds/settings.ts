/** What can be set about the directory. */

export interface Account {
  /** Name to bind with. */
  dn: string;
  password: string;
  /** May add, modify and delete where `writes` is on. */
  administrator?: boolean;
}

export interface SdsSettings {
  /**
   * dev: as the path-to-live directories answer: names in the spelling that was asked for, every attribute comparable.
   * opentest: as OpenLDAP answers: names in the schema's spelling, items without a published matching rule Undefined.
   */
  profile: 'dev' | 'opentest';
  /** Most entries of one answer. */
  sizeLimit: number;
  /** Longest time for one search, in seconds. */
  timeLimitSeconds: number;
  /** A bind with a name and an empty password (RFC 4513 5.1.2): anonymous success, or unwillingToPerform. */
  emptyPassword: 'anonymous' | 'refuse';
  /** Whether an administrator may change entries. */
  writes: boolean;
  accounts: readonly Account[];
}

/** Accounts are assumed: the real names and passwords are not public. */
export const DEFAULT_SETTINGS: SdsSettings = {
  profile: 'dev',
  sizeLimit: 1000,
  timeLimitSeconds: 60,
  emptyPassword: 'anonymous',
  writes: false,
  accounts: [{ dn: 'cn=simulator,o=nhs', password: 'simulator', administrator: true }],
};

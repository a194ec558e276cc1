/** What a PKI is opened with, and what it gives to TLS contexts. */
import type { KeyType } from './keys.ts';

/** The two methods of a pino logger that are used. */
export interface PkiLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export interface PkiOptions {
  /** Folder of keys and certificates; undefined keeps everything in memory. */
  dir: string | undefined;
  /** Simulated time, milliseconds since 1970. */
  now: () => number;
  /**
   * The machine's time, by which TLS libraries judge whatever the simulated clock says; default `now`. With both, what is issued is valid by
   * both.
   */
  machineNow?: (() => number) | undefined;
  /** Host names and addresses for which the listeners need a certificate. */
  hosts: readonly string[];
  /** Kind of the keys that are made, those of cards excepted; default `rsa`. `ec` is quick, for tests. */
  keyType?: KeyType | undefined;
  log?: PkiLog | undefined;
}

/** PEM texts for a TLS context: PKCS#8 key, and the leaf followed by its sub CA. */
export interface Credentials {
  key: string;
  cert: string;
}

/** What has changed: the listeners' own certificates, what is on a revocation list, or which authorities there are. */
export type PkiChange = 'certificates' | 'revocations' | 'authorities';

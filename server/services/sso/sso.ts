/** What the operations of SSB work with. */
import type { Sessions } from '../../core/sessions/sessions.ts';

export interface SsoSettings {
  recipient: string;
  issuer: string;
  signAssertions: boolean;
  lenientTickets: boolean;
  assertionResetsIdle: boolean;
  roleChangeEvents: boolean;
  eventRetries: number;
  eventTimeoutMs: number;
}

export interface Sso {
  settings: SsoSettings;
  sessions: Sessions;
  /** Private key and certificate (PEM, leaf first) for signed assertions. */
  signer(): { key: string; cert: string };
}

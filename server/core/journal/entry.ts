/** What the journal knows of one exchange, whatever its protocol. */

export type Protocol = 'http' | 'ldap' | 'tls';
export type Direction = 'inbound' | 'outbound';
/** ok: answered as asked; refused: answered with the protocol's own error; failed: broke off or our fault. */
export type Outcome = 'ok' | 'refused' | 'failed';

/** One decision taken on the way of an exchange, in order: the journal's "explain". */
export interface Step {
  name: string;
  outcome: 'ok' | 'failed' | 'info';
  detail?: string;
}

/** Something that almost fitted, and why it did not. */
export interface NearMiss {
  /** What was looked for: host, path, interaction, mailbox, rule ... */
  kind: string;
  candidate: string;
  reason: string;
}

export interface Body {
  /** Length on the wire, which may be more than is kept. */
  bytes: number;
  content: Buffer;
}

/** Who and what the exchange is about, as far as it was decoded. */
export interface Identity {
  asid?: string;
  toAsid?: string;
  partyKey?: string;
  toPartyKey?: string;
  nhsNumber?: string;
  mailbox?: string;
  user?: string;
  role?: string;
  messageId?: string;
  conversationId?: string;
  clientCertificate?: string;
}

export interface TlsFactsEntry {
  sni?: string;
  protocol?: string;
  cipher?: string;
  profile?: string;
  resumed?: boolean;
  offeredVersions?: string[];
  offeredCiphers?: string[];
  alertSent?: string;
  alertReceived?: string;
}

export interface LdapFacts {
  base?: string;
  scope?: string;
  filter?: string;
  attributes?: string[];
  bindDn?: string;
  count?: number;
  resultCode?: number;
  matchedDn?: string;
}

export interface WireMessage {
  headers?: [string, string][];
  body?: Body;
}

export interface JournalEntry {
  /** Also the correlation id of every log line of the exchange. */
  id: string;
  /** Rises by one with each entry of this process. */
  seq: number;
  space: string;
  /** Why this space: header, host, identity or default. */
  spaceReason: string;
  /** Simulated time at the start, ISO. */
  at: string;
  durationMs: number;
  protocol: Protocol;
  direction: Direction;
  service: string;
  operation?: string;
  interaction?: string;
  peer?: string;
  host?: string;
  method?: string;
  path?: string;
  status?: number;
  tls?: TlsFactsEntry;
  ldap?: LdapFacts;
  identity: Identity;
  request: WireMessage;
  response: WireMessage;
  outcome: Outcome;
  error?: { code: string; message: string };
  /** One plain sentence on what to fix. */
  advice?: string;
  steps: Step[];
  nearMisses: NearMiss[];
  /** The rule that answered or changed the exchange. */
  rule?: string;
  fault?: string;
}

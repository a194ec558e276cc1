/** Requests as the decoder gives them (RFC 4511 4.2 to 4.12). Texts are the client's, nothing is normalised yet. */
import type { Filter } from './filter.ts';
import type { LdapResult } from './result.ts';

export interface Control {
  oid: string;
  critical: boolean;
  value?: Buffer;
}

export interface BindRequest {
  kind: 'bind';
  version: number;
  name: string;
  /** Simple: the password. SASL: the mechanism. */
  authentication:
    | { method: 'simple'; password: string }
    | { method: 'sasl'; mechanism: string }
    | { method: 'unknown' };
}

export const Scope = { base: 0, one: 1, sub: 2, subordinate: 3 } as const;

export interface SearchRequest {
  kind: 'search';
  base: string;
  scope: number;
  sizeLimit: number;
  timeLimit: number;
  typesOnly: boolean;
  /** The filter, or the result to answer where it is decodable but not acceptable. */
  filter: Filter | { refused: LdapResult };
  attributes: string[];
}

export interface PartialAttribute {
  name: string;
  values: string[];
}

export interface Modification {
  operation: number;
  attribute: PartialAttribute;
}

export type Request =
  | BindRequest
  | { kind: 'unbind' }
  | SearchRequest
  | { kind: 'modify'; dn: string; changes: Modification[] }
  | { kind: 'add'; dn: string; attributes: PartialAttribute[] }
  | { kind: 'delete'; dn: string }
  | { kind: 'modifyDn'; dn: string; newRdn: string; deleteOldRdn: boolean; newSuperior?: string }
  | { kind: 'compare'; dn: string; attribute: string; value: string }
  | { kind: 'abandon'; messageId: number }
  | { kind: 'extended'; oid: string; value?: Buffer };

export type RequestOf<Kind extends Request['kind']> = Extract<Request, { kind: Kind }>;

export interface LdapMessage<R extends Request = Request> {
  id: number;
  request: R;
  controls: Control[];
}

/** Tags of the requests: APPLICATION class (RFC 4511 4.2 and following). */
export const RequestTag = {
  bind: 0x60,
  unbind: 0x42,
  search: 0x63,
  modify: 0x66,
  add: 0x68,
  delete: 0x4a,
  modifyDn: 0x6c,
  compare: 0x6e,
  abandon: 0x50,
  extended: 0x77,
} as const;

/** Tags of the answers; unbind and abandon have none. */
export const ResponseTag = {
  bind: 0x61,
  searchEntry: 0x64,
  search: 0x65,
  modify: 0x67,
  add: 0x69,
  delete: 0x6b,
  modifyDn: 0x6d,
  compare: 0x6f,
  extended: 0x78,
} as const;

export type AnsweredKind = Exclude<Request['kind'], 'unbind' | 'abandon'>;

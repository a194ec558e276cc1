/** All that a rule can know of an exchange. Whoever handles the exchange fills it in once its message is decoded. */
import type { FieldName } from './definition/fields.ts';

export interface LdapRequestFacts {
  /** Base DN of a search, or the DN that another operation is about. */
  base?: string | undefined;
  /** The filter as RFC 4515 writes it. */
  filter?: string | undefined;
  /** Asserted values of the filter by attribute name as the client spelt it; several of one attribute are a list. */
  attributes?: Readonly<Record<string, string | readonly string[]>> | undefined;
  scope?: string | undefined;
  bindDn?: string | undefined;
}

/** What costs something to make is a function, called at most once for each exchange. */
export interface RuleFacts {
  service: string;
  operation?: string | undefined;
  interaction?: string | undefined;
  direction: 'inbound' | 'outbound';
  protocol?: 'http' | 'ldap' | 'tls' | undefined;
  host?: string | undefined;
  method?: string | undefined;
  /** Without the query. */
  path?: string | undefined;
  /** Value of a header, whatever the case of its name. */
  header?: ((name: string) => string | undefined) | undefined;
  query?: Pick<URLSearchParams, 'getAll'> | undefined;
  bodyText?: (() => string) | undefined;
  /** The XML documents in the message: the parts of a multipart message; when absent the body is the only one. */
  xml?: (() => readonly string[]) | undefined;
  /** The parsed body; undefined when it is no JSON. */
  json?: (() => unknown) | undefined;
  /** Fields of a form, or the gpPARAMs of a gpOBJECT. */
  form?: (() => Readonly<Record<string, string>>) | undefined;
  clientCertificate?: { cn: string; fingerprint: string } | undefined;
  asid?: string | undefined;
  toAsid?: string | undefined;
  partyKey?: string | undefined;
  toPartyKey?: string | undefined;
  mailbox?: string | undefined;
  nhsNumber?: string | undefined;
  user?: string | undefined;
  role?: string | undefined;
  messageId?: string | undefined;
  conversationId?: string | undefined;
  ldap?: LdapRequestFacts | undefined;
}

/** The value of a field that conditions name. */
export function fieldOf(facts: RuleFacts, field: FieldName): string | undefined {
  if (field === 'clientCertificate') return facts.clientCertificate?.cn;
  if (field === 'certificateFingerprint') return facts.clientCertificate?.fingerprint;
  return facts[field];
}

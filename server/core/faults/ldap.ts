/** What a fault means to an LDAP operation. */
import { FAULTS, type Fault } from './catalogue.ts';
import { LDAP_RESULTS, NAMED_RESULTS } from './ldapResults.ts';

export interface LdapFaultResult {
  /** resultCode, RFC 4511 4.1.9. */
  code: number;
  /** diagnosticMessage. */
  message: string;
}

/** The result that the operation ends with in place of its own; undefined for faults that are no result. */
export function ldapResultOf(fault: Fault): LdapFaultResult | undefined {
  if (FAULTS[fault.name]?.layer !== 'ldap') return undefined;
  const { code = NAMED_RESULTS[fault.name], message } = fault.options;
  const result = typeof code === 'string' ? LDAP_RESULTS[code as keyof typeof LDAP_RESULTS] : code;
  return typeof result === 'number' ? { code: result, message: String(message ?? '') } : undefined;
}

/** LDAP result codes by name (RFC 4511 4.1.9 and appendix A). */
export const LDAP_RESULTS = {
  success: 0,
  operationsError: 1,
  protocolError: 2,
  timeLimitExceeded: 3,
  sizeLimitExceeded: 4,
  authMethodNotSupported: 7,
  strongerAuthRequired: 8,
  referral: 10,
  adminLimitExceeded: 11,
  unavailableCriticalExtension: 12,
  confidentialityRequired: 13,
  noSuchAttribute: 16,
  undefinedAttributeType: 17,
  inappropriateMatching: 18,
  invalidAttributeSyntax: 21,
  noSuchObject: 32,
  invalidDNSyntax: 34,
  inappropriateAuthentication: 48,
  invalidCredentials: 49,
  insufficientAccessRights: 50,
  busy: 51,
  unavailable: 52,
  unwillingToPerform: 53,
  other: 80,
} as const;

/** Faults that are one result each, for the results that a directory in trouble gives. */
export const NAMED_RESULTS: Readonly<Record<string, keyof typeof LDAP_RESULTS>> = {
  'ldap-busy': 'busy',
  'ldap-unavailable': 'unavailable',
  'ldap-unwilling': 'unwillingToPerform',
  'ldap-operations-error': 'operationsError',
  'ldap-time-limit': 'timeLimitExceeded',
  'ldap-size-limit': 'sizeLimitExceeded',
  'ldap-insufficient-access': 'insufficientAccessRights',
  'ldap-invalid-credentials': 'invalidCredentials',
};

/** Tags of the Basic Encoding Rules that LDAP uses (X.690 8.1.2, RFC 4511 5.1). All are single octets. */
export const Tag = {
  Boolean: 0x01,
  Integer: 0x02,
  OctetString: 0x04,
  Enumerated: 0x0a,
  Sequence: 0x30,
  Set: 0x31,
} as const;

/** A context-specific tag of primitive content: `[n] IMPLICIT OCTET STRING` and the like. */
export const contextPrimitive = (n: number): number => 0x80 | n;

/** A context-specific tag of constructed content: `[n] SEQUENCE`, or `[n] EXPLICIT`. */
export const contextConstructed = (n: number): number => 0xa0 | n;

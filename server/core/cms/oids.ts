/** Object identifiers as they stand in the bytes (content of the OBJECT IDENTIFIER, hexadecimal), and the digests by name. */

export const OID = {
  data: '2a864886f70d010701',
  signedData: '2a864886f70d010702',
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  subjectKeyIdentifier: '551d0e',
} as const;

export const DOTTED = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  rsaEncryption: '1.2.840.113549.1.1.1',
  ecdsaWithSha1: '1.2.840.10045.4.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;

export type Digest = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Digest algorithms (RFC 3370 2, RFC 5754 2). SHA-1 is what cards in the field sign with; MD5 never was. */
export const DIGESTS: Readonly<Record<string, Digest>> = {
  '2b0e03021a': 'sha1',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};

/**
 * Signature algorithms. Those that name a digest must name the signer's; rsaEncryption names none (RFC 3370 3.2), and
 * stands in the messages of real agents.
 */
export const SIGNATURES: Readonly<Record<string, { key: 'rsa' | 'ec'; digest?: Digest }>> = {
  '2a864886f70d010101': { key: 'rsa' },
  '2a864886f70d010105': { key: 'rsa', digest: 'sha1' },
  '2b0e03021d': { key: 'rsa', digest: 'sha1' },
  '2a864886f70d01010b': { key: 'rsa', digest: 'sha256' },
  '2a864886f70d01010c': { key: 'rsa', digest: 'sha384' },
  '2a864886f70d01010d': { key: 'rsa', digest: 'sha512' },
  '2a8648ce3d0401': { key: 'ec', digest: 'sha1' },
  '2a8648ce3d040302': { key: 'ec', digest: 'sha256' },
  '2a8648ce3d040303': { key: 'ec', digest: 'sha384' },
};

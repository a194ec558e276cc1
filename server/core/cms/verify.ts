/** Checks the signature of a signed message with its signer's certificate (RFC 5652 5.4, 5.6). Trust is not its business. */
import { createHash, verify, type X509Certificate } from 'node:crypto';
import { octetsOf, TAG } from './ber.ts';
import { CmsError } from './error.ts';
import { DIGESTS, type Digest, OID, SIGNATURES } from './oids.ts';
import type { SignedAttributes, SignedData } from './signedData.ts';

/**
 * Returns normally only if the signature covers `content` and was made with the certificate's key.
 * Throws CmsError `algorithm`, `attributes` or `signature`.
 */
export function verifySignature(message: SignedData, content: Buffer, certificate: X509Certificate): void {
  const { signer } = message;
  const digest = DIGESTS[signer.digestAlgorithm];
  const algorithm = SIGNATURES[signer.signatureAlgorithm];
  if (!digest) throw new CmsError('algorithm', 'the digest is none of SHA-1, SHA-256, SHA-384 and SHA-512');
  if (!algorithm) throw new CmsError('algorithm', 'the signature algorithm is neither RSA (PKCS #1 v1.5) nor ECDSA');
  if (algorithm.digest !== undefined && algorithm.digest !== digest) {
    throw new CmsError('algorithm', 'the signature algorithm names another digest than the signer');
  }
  if (signer.attributes) checkAttributes(signer.attributes, message.contentType, content, digest);
  const key = certificate.publicKey;
  if (key.asymmetricKeyType !== algorithm.key) {
    throw new CmsError('algorithm', "the signature algorithm does not fit the certificate's key");
  }
  if (!verify(digest, signer.attributes?.signed ?? content, key, signer.signature)) {
    throw new CmsError('signature', "the signature was not made over this content with the certificate's key");
  }
}

/** RFC 5652 5.3: content type and message digest must be among the attributes, each with one value. */
function checkAttributes({ values }: SignedAttributes, contentType: string, content: Buffer, digest: Digest): void {
  const [type, ...otherTypes] = values.get(OID.contentType) ?? [];
  if (type?.tag !== TAG.oid || otherTypes.length > 0 || type.content.toString('hex') !== contentType) {
    throw new CmsError('attributes', 'the signed content type is missing or is not that of the content');
  }
  const [sum, ...otherSums] = values.get(OID.messageDigest) ?? [];
  if (sum === undefined || (sum.tag & 0xdf) !== TAG.octetString || otherSums.length > 0) {
    throw new CmsError('attributes', 'the signed message digest is missing');
  }
  if (!octetsOf(sum).equals(createHash(digest).update(content).digest())) {
    throw new CmsError('attributes', 'the signed message digest is not that of the content');
  }
}

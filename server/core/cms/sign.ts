/** Writes a signed message as a smartcard's middleware does: content attached, one signer, the card's certificate alone. */
import { createHash, type KeyObject, sign, type X509Certificate } from 'node:crypto';
import { element, integer, nil, objectId, octets, sequence, set, tagged } from '../pki/der.ts';
import { DOTTED } from './oids.ts';
import { namesOf } from './signer.ts';

export interface SignOptions {
  /** SHA-1 is what cards in the field sign with. */
  digest?: 'sha1' | 'sha256';
  /** Sign content type and digest as attributes instead of the content itself. */
  attributes?: boolean;
}

const algorithm = (oid: string): Buffer => sequence(objectId(oid), nil());

const attribute = (type: string, value: Buffer): Buffer => sequence(objectId(type), set(value));

/** DER of a SignedData over `content`. */
export function signMessage(
  content: Buffer,
  key: KeyObject,
  certificate: X509Certificate,
  { digest = 'sha1', attributes = false }: SignOptions = {},
): Buffer {
  const { issuer, serial } = namesOf(certificate.raw);
  const digestAlgorithm = algorithm(DOTTED[digest]);
  const signed = attributes ? signedAttributes(content, digest) : undefined;
  const signature = sign(digest, signed ? set(...signed) : content, key);
  const signer = sequence(
    integer(1),
    sequence(issuer, element(0x02, serial)),
    digestAlgorithm,
    ...(signed ? [tagged(0, ...signed)] : []),
    signatureAlgorithm(key, digest),
    octets(signature),
  );
  const signedData = sequence(
    integer(1),
    set(digestAlgorithm),
    sequence(objectId(DOTTED.data), tagged(0, octets(content))),
    tagged(0, certificate.raw),
    set(signer),
  );
  return sequence(objectId(DOTTED.signedData), tagged(0, signedData));
}

/** Both in the order of DER: the shorter first (X.690 11.6). */
function signedAttributes(content: Buffer, digest: 'sha1' | 'sha256'): Buffer[] {
  return [
    attribute(DOTTED.contentType, objectId(DOTTED.data)),
    attribute(DOTTED.messageDigest, octets(createHash(digest).update(content).digest())),
  ];
}

function signatureAlgorithm(key: KeyObject, digest: 'sha1' | 'sha256'): Buffer {
  if (key.asymmetricKeyType === 'rsa') return algorithm(DOTTED.rsaEncryption);
  return sequence(objectId(digest === 'sha1' ? DOTTED.ecdsaWithSha1 : DOTTED.ecdsaWithSha256));
}

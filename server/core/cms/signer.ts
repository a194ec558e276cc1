/** Finds the signer's certificate among those in a message. */
import { X509Certificate } from 'node:crypto';
import { childrenOf, octetsOf, readElement, TAG } from './ber.ts';
import { CmsError } from './error.ts';
import { OID } from './oids.ts';
import type { SignedData } from './signedData.ts';

/** What names a certificate in a signed message, as its bytes stand in the certificate. */
export interface CertificateNames {
  issuer: Buffer;
  serial: Buffer;
  subjectKeyIdentifier: Buffer | undefined;
}

const refuse = (message: string): never => {
  throw new CmsError('certificate', message);
};

/** Reads the names out of a certificate's DER (RFC 5280 4.1). Throws CmsError. */
export function namesOf(certificate: Buffer): CertificateNames {
  const [tbs] = childrenOf(readElement(certificate));
  if (tbs?.tag !== TAG.sequence) return refuse('the certificate cannot be read');
  const parts = childrenOf(tbs);
  if (parts[0]?.tag === TAG.context(0)) parts.shift();
  const [serial, , issuer] = parts;
  if (serial?.tag !== TAG.integer || issuer?.tag !== TAG.sequence) return refuse('the certificate cannot be read');
  const extensions = parts.find(({ tag }) => tag === TAG.context(3));
  return {
    serial: serial.content,
    issuer: issuer.whole,
    subjectKeyIdentifier: extensions && subjectKeyIdentifier(extensions.content),
  };
}

function subjectKeyIdentifier(extensions: Buffer): Buffer | undefined {
  for (const extension of childrenOf(readElement(extensions))) {
    const [id, ...rest] = childrenOf(extension);
    const value = rest.at(-1);
    if (id?.content.toString('hex') !== OID.subjectKeyIdentifier || value === undefined) continue;
    return octetsOf(readElement(octetsOf(value)));
  }
  return undefined;
}

/**
 * The certificate that the message names as its signer's. An agent that encodes the issuer's name anew is understood as long
 * as there is one certificate and the serial number is its own. Throws CmsError `certificate`.
 */
export function signerCertificate(message: SignedData): X509Certificate {
  const { id } = message.signer;
  const only = message.certificates.length === 1;
  for (const der of message.certificates) {
    const names = namesOf(der);
    const named =
      'serial' in id
        ? names.serial.equals(id.serial) && (only || names.issuer.equals(id.issuer))
        : names.subjectKeyIdentifier?.equals(id.subjectKeyIdentifier);
    if (named) return parse(der);
  }
  return refuse(
    message.certificates.length === 0
      ? 'the message carries no certificate'
      : "none of the message's certificates is the one its signer names",
  );
}

/** Key, names and dates are read late by Node, and throw then: a certificate is taken only if all of them can be read. */
function parse(der: Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    const { publicKey, subject, validFromDate, validToDate } = certificate;
    const dates = [validFromDate, validToDate].every((date) => !Number.isNaN(date.getTime()));
    if (publicKey.type === 'public' && typeof subject === 'string' && dates) return certificate;
  } catch {
    // Refused below.
  }
  return refuse("the signer's certificate cannot be read");
}

/** Reads a certificate signing request and holds it against the rules of endpoint registration. Imports the X.509 library. */
import 'reflect-metadata';
import { createPublicKey, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { rsaBits } from '../../../certs/recipes.ts';
import { PkiError } from './errors.ts';
import { isFqdn } from './names.ts';
import { pemBlocks } from './pem.ts';

/** A request with an RSA key of 4096 bits and a hundred names is 6 kB. */
const LONGEST_REQUEST = 64 * 1024;
/** Checking one signature with more bits than this takes long enough to be a nuisance. */
const MOST_RSA_BITS = 8192;

const COMMON_NAME = '2.5.4.3';
const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';
const RFC822_MAILBOX = '0.9.2342.19200300.100.1.3';

export interface SigningRequest {
  cn: string;
  publicKey: KeyObject;
}

const refuse = (message: string): never => {
  throw new PkiError('CSR_REFUSED', message);
};

function requestDer(text: string): Buffer {
  if (text.length > LONGEST_REQUEST) refuse(`the request is longer than ${LONGEST_REQUEST} characters`);
  const blocks = pemBlocks(text);
  if (blocks.some((block) => block.label.endsWith('PRIVATE KEY'))) {
    refuse('the text holds a private key: send the signing request alone, and make a new key');
  }
  // keytool and Windows write NEW before it.
  const requests = blocks.filter((block) => /^(?:NEW )?CERTIFICATE REQUEST$/.test(block.label));
  if (requests.length !== 1) refuse('expected one PEM block CERTIFICATE REQUEST (PKCS#10)');
  return requests[0]!.der;
}

function parse(text: string): x509.Pkcs10CertificateRequest {
  const der = requestDer(text);
  try {
    return new x509.Pkcs10CertificateRequest(der);
  } catch (error) {
    throw new PkiError('CSR_REFUSED', 'the block is not a PKCS#10 request', { cause: error });
  }
}

function checkKey(request: x509.Pkcs10CertificateRequest): KeyObject {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
  } catch (error) {
    throw new PkiError('CSR_REFUSED', 'the public key cannot be read', { cause: error });
  }
  const size = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') refuse(`the key is ${key.asymmetricKeyType}; it must be RSA`);
  if (size < rsaBits) refuse(`the RSA key has ${size} bits; at least ${rsaBits} are needed`);
  if (size > MOST_RSA_BITS) refuse(`the RSA key has ${size} bits; at most ${MOST_RSA_BITS} are signed`);
  return key;
}

/**
 * The name and key that a request asks to have certified; all else in it (other name parts, extensions) is passed over, since the
 * authority writes its own. Throws PkiError (`CSR_REFUSED`) with the rule that is broken: one common name that is an
 * FQDN, no e-mail address, RSA of at least 2048 bits, signed with its own key.
 */
export async function readRequest(pem: string): Promise<SigningRequest> {
  const request = parse(pem);
  const publicKey = checkKey(request);
  const proven = await request.verify().catch(() => false);
  if (!proven) refuse('the signature does not belong to the key in the request');
  const subject = request.subjectName;
  const emailed = subject.getField(EMAIL_ADDRESS).length > 0 || subject.getField(RFC822_MAILBOX).length > 0;
  if (emailed || request.getAttributes(EMAIL_ADDRESS).length > 0) refuse('the e-mail address must be left blank');
  const names = subject.getField(COMMON_NAME);
  if (names.length !== 1) refuse(`the subject has ${names.length} common names; it must have one`);
  const cn = names[0]!;
  if (!isFqdn(cn)) refuse(`the common name ${JSON.stringify(cn)} is not a fully qualified domain name`);
  return { cn, publicKey };
}

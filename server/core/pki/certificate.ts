/**
 * Builds and signs X.509 certificates. This file and the two beside it that it draws in import the X.509 library (0.1 s), so it is
 * itself only imported with `await import()`, when there is something to issue.
 */
import 'reflect-metadata';
import type { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AuthorityRecipe, DistinguishedName, Hash, LeafRecipe } from '../../../certs/recipes.ts';
import { authorityExtensions, leafExtensions, nameOf } from './extensions.ts';
import { spkiDer } from './keys.ts';
import { toPem } from './pem.ts';
import type { Period } from './period.ts';

/** Who signs: a private key, and the certificate it belongs to (absent when the new certificate signs itself). */
export interface Signer {
  key: KeyObject;
  certificate?: { raw: Buffer } | undefined;
}

interface Common {
  subjectKey: KeyObject;
  signer: Signer;
  period: Period;
  /** Hexadecimal, not negative. */
  serial: string;
}

function signingKey(key: KeyObject, hash: Hash): webcrypto.CryptoKey {
  return key.asymmetricKeyType === 'ec'
    ? key.toCryptoKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    : key.toCryptoKey({ name: 'RSASSA-PKCS1-v1_5', hash }, false, ['sign']);
}

const publicKeyOf = (key: KeyObject): x509.PublicKey => new x509.PublicKey(spkiDer(key));

async function build(
  spec: Common & { subject: DistinguishedName; hash: Hash },
  extensions: x509.Extension[],
): Promise<string> {
  const { signer, period } = spec;
  const subject = nameOf(spec.subject);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: spec.serial,
    subject,
    issuer: signer.certificate ? new x509.X509Certificate(signer.certificate.raw).subjectName : subject,
    notBefore: new Date(period.notBefore),
    notAfter: new Date(period.notAfter),
    publicKey: publicKeyOf(spec.subjectKey),
    signingKey: await signingKey(signer.key, spec.hash),
    signingAlgorithm: { name: 'ECDSA', hash: spec.hash },
    extensions,
  });
  return toPem('CERTIFICATE', Buffer.from(certificate.rawData));
}

/** PEM of an authority's certificate. */
export async function authorityCertificate(spec: Common & { recipe: AuthorityRecipe }): Promise<string> {
  const { recipe } = spec;
  const extensions = await authorityExtensions(recipe, publicKeyOf(spec.subjectKey), publicKeyOf(spec.signer.key));
  return build({ ...spec, subject: recipe.subject, hash: recipe.hash }, extensions);
}

/** PEM of a leaf: the recipe's name with `cn` last, and `names` as subject alternative names if there are any. */
export async function leafCertificate(
  spec: Common & { recipe: LeafRecipe; cn: string; names: readonly string[] },
): Promise<string> {
  const { recipe, names, period } = spec;
  const subjectKey = publicKeyOf(spec.subjectKey);
  const extensions = await leafExtensions(recipe, names, period, subjectKey, publicKeyOf(spec.signer.key));
  return build({ ...spec, subject: [...recipe.under, ['CN', spec.cn]], hash: recipe.hash }, extensions);
}

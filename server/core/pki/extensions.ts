/** The extensions of an authority and of a leaf. Imports the X.509 library: only to be reached through `certificate.ts`. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { AuthorityRecipe, CrlPoint, DistinguishedName, KeyUsageName, LeafRecipe } from '../../../certs/recipes.ts';
import { criticalAuthorityExtensions } from '../../../certs/recipes.ts';
import { element, generalizedTime, sequence, tagged, taggedBytes } from './der.ts';
import { isAddress } from './names.ts';
import type { Period } from './period.ts';

const ENTRUST_VERSION = '1.2.840.113533.7.65.0';
const PRIVATE_KEY_USAGE_PERIOD = '2.5.29.16';
const CRL_DISTRIBUTION_POINTS = '2.5.29.31';
const EXTENDED_KEY_USAGE = { serverAuth: '1.3.6.1.5.5.7.3.1', clientAuth: '1.3.6.1.5.5.7.3.2' };

export function nameOf(parts: DistinguishedName): x509.Name {
  return new x509.Name(parts.map(([type, value]) => ({ [type]: [value] })));
}

/** Key identifiers of the subject and of the signer (RFC 5280 4.2.1.1, 4.2.1.2; SHA-1 of the key, method 1). */
async function identifiers(subject: x509.PublicKey, signer: x509.PublicKey): Promise<x509.Extension[]> {
  return [
    await x509.SubjectKeyIdentifierExtension.create(subject),
    await x509.AuthorityKeyIdentifierExtension.create(signer),
  ];
}

function distributionPoint(point: CrlPoint): x509.Extension {
  if ('url' in point) return new x509.CRLDistributionPointsExtension([point.url]);
  const directoryName = tagged(4, Buffer.from(nameOf(point.directoryName).toArrayBuffer()));
  return new x509.Extension(CRL_DISTRIBUTION_POINTS, false, sequence(sequence(tagged(0, tagged(0, directoryName)))));
}

export async function authorityExtensions(
  recipe: AuthorityRecipe,
  subject: x509.PublicKey,
  signer: x509.PublicKey,
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, undefined, criticalAuthorityExtensions),
    new x509.KeyUsagesExtension(
      x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
      criticalAuthorityExtensions,
    ),
    ...(await identifiers(subject, signer)),
    ...(recipe.crl ? [distributionPoint(recipe.crl)] : []),
  ];
}

/** Entrust's `SEQUENCE { GeneralString version, BIT STRING flags }`, with the flags of the published leaves. */
function entrustVersion(version: string): x509.Extension {
  const text = element(0x1b, Buffer.from(version, 'latin1'));
  const flags = element(0x03, Buffer.of(0x04, 0xb0));
  return new x509.Extension(ENTRUST_VERSION, false, sequence(text, flags));
}

/** Each name is a host name, a wildcard or an IP address. */
function alternativeNames(names: readonly string[]): x509.Extension {
  return new x509.SubjectAlternativeNameExtension(
    names.map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value })),
  );
}

/** RFC 8813 3: keyEncipherment must not stand beside an EC key. */
const EC_CANNOT: readonly KeyUsageName[] = ['keyEncipherment'];

export async function leafExtensions(
  recipe: LeafRecipe,
  names: readonly string[],
  period: Period,
  subject: x509.PublicKey,
  signer: x509.PublicKey,
): Promise<x509.Extension[]> {
  const isEc = subject.algorithm.name === 'ECDSA';
  const usage = recipe.keyUsage
    .filter((name) => !(isEc && EC_CANNOT.includes(name)))
    .reduce((flags, name) => flags | x509.KeyUsageFlags[name], 0);
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false),
    new x509.KeyUsagesExtension(usage),
    new x509.CertificatePolicyExtension([recipe.policy]),
    distributionPoint(recipe.crl),
    ...(await identifiers(subject, signer)),
  ];
  if (recipe.extendedKeyUsage.length > 0) {
    const usages = recipe.extendedKeyUsage.map((name) => EXTENDED_KEY_USAGE[name]);
    extensions.push(new x509.ExtendedKeyUsageExtension(usages));
  }
  if (names.length > 0) extensions.push(alternativeNames(names));
  if (recipe.privateKeyUsagePeriod) {
    const from = taggedBytes(0, generalizedTime(period.notBefore));
    const until = taggedBytes(1, generalizedTime(period.notAfter));
    extensions.push(new x509.Extension(PRIVATE_KEY_USAGE_PERIOD, false, sequence(from, until)));
  }
  if (recipe.entrustVersion) extensions.push(entrustVersion(recipe.entrustVersion));
  return extensions;
}

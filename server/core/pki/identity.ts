/** A certificate with its key in every form that clients insist on. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import { keystorePassword } from '../../../certs/recipes.ts';
import type { Authority } from './authority.ts';
import { PkiError } from './errors.ts';
import { writeJks } from './jks.ts';
import { pkcs1Pem, pkcs8Der, pkcs8Pem } from './keys.ts';
import { writePkcs12 } from './pkcs12.ts';

/** Java refuses to open or change a keystore with a shorter one. */
const SHORTEST_PASSWORD = 6;

export interface Identity {
  cn: string;
  /** Upper-case hexadecimal. */
  serial: string;
  /** PEM of the leaf alone. */
  certificate: string;
  /** PKCS#8 PEM. */
  privateKey: string;
  /** PKCS#1 PEM; undefined when the key is not RSA. */
  rsaPrivateKey: string | undefined;
  /** PEM of the authorities above the leaf, sub CA first, root last. */
  chain: string;
  /** ISO times. */
  notBefore: string;
  notAfter: string;
  /** Key, leaf and chain; Java also takes the chain as trusted. Made when first read. */
  readonly pkcs12: Buffer;
  pkcs12Password: string;
  /** Name of the key in the keystores. */
  alias: string;
  /** The same as Java keystore (JKS), with the same password. */
  jks: () => Buffer;
}

export interface KeystoreOptions {
  /** Default: the common name. */
  alias?: string | undefined;
  /** At least six characters; default from the recipes. */
  password?: string | undefined;
}

/** Root and those between, nearest first. */
export function authoritiesAbove(issuer: Authority | undefined): Authority[] {
  return issuer ? [issuer, ...authoritiesAbove(issuer.parent)] : [];
}

export const chainPem = (issuer: Authority | undefined): string =>
  authoritiesAbove(issuer)
    .map(({ pem }) => pem)
    .join('');

/** Throws PkiError (`REQUEST_INVALID`). */
export function checkKeystoreOptions({ alias, password }: KeystoreOptions): void {
  if (password !== undefined && password.length < SHORTEST_PASSWORD) {
    throw new PkiError('REQUEST_INVALID', `a keystore's password needs ${SHORTEST_PASSWORD} characters or more`);
  }
  if (alias === '') throw new PkiError('REQUEST_INVALID', 'the alias is empty');
}

/** `issuer` is undefined for a certificate that signed itself. `createdAt`: milliseconds since 1970. */
export function identityOf(
  leaf: { cn: string; serial: string; pem: string; certificate: X509Certificate },
  key: KeyObject,
  issuer: Authority | undefined,
  createdAt: number,
  { alias = leaf.cn, password = keystorePassword }: KeystoreOptions = {},
): Identity {
  const { certificate } = leaf;
  const authorities = authoritiesAbove(issuer).map(({ name, certificate }) => ({
    alias: name.toLowerCase(),
    certificate: certificate.raw,
  }));
  let pkcs12: Buffer | undefined;
  return {
    cn: leaf.cn,
    serial: leaf.serial,
    certificate: leaf.pem,
    privateKey: pkcs8Pem(key),
    rsaPrivateKey: pkcs1Pem(key),
    chain: chainPem(issuer),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    get pkcs12() {
      pkcs12 ??= writePkcs12({ alias, privateKey: pkcs8Der(key), leaf: certificate.raw, authorities, password });
      return pkcs12;
    },
    pkcs12Password: password,
    alias,
    jks: () =>
      writeJks({
        alias,
        privateKey: pkcs8Der(key),
        chain: [certificate.raw, ...authorities.map((authority) => authority.certificate)],
        trusted: [...authorities].reverse(),
        password,
        createdAt,
      }),
  };
}

/** Named TLS profiles: how a host speaks TLS, as data. A host's profile may change from one connection to the next. */
import type { ClientHello } from './clientHello.ts';
import { HIGHEST_LEGACY_VERSION, type TlsVersion, versionCode, versionRank } from './versions.ts';

/** Which certificate the server shows; the credentials provider makes the variants, `host` is the right one. */
export const SERVER_CERTIFICATES = [
  'host',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'unknown-ca',
  'no-intermediate',
  'revoked',
  'sha1-chain',
] as const;
export type ServerCertificate = (typeof SERVER_CERTIFICATES)[number];

/** What the server does, wrongly and on purpose, when it has read the hello. */
export interface HelloFault {
  /** Milliseconds of real time to wait first. */
  delayMs: number;
  /** proceed: shake hands after the delay; reset: TCP reset; half-close: end our side only; silence: never answer. */
  action: 'proceed' | 'reset' | 'half-close' | 'silence';
}

export interface TlsProfile {
  name: string;
  /** One line for the console and the table of profiles. */
  description: string;
  minVersion: TlsVersion;
  maxVersion: TlsVersion;
  /** An OpenSSL cipher list, TLS 1.3 suites by their own names; absent: Node's list, or OpenSSL's below TLS 1.2. `@SECLEVEL=n` is allowed. */
  ciphers?: string;
  /** True: the server's order counts. */
  honorCipherOrder: boolean;
  clientCertificate: 'none' | 'optional' | 'required';
  /** `required` and none sent: a TLS alert, or nginx's page "No required SSL certificate was sent". */
  missingClient: 'alert' | 'http400';
  /** A certificate that does not chain to the client CAs: nginx's page "The SSL certificate error", or a TCP reset. */
  untrustedClient: 'http400' | 'reset';
  /** A host name that no service has: go on with the default certificate as nginx does, or alert unrecognized_name. */
  unknownHost: 'proceed' | 'alert';
  serverCertificate: ServerCertificate;
  fault?: HelloFault;
}

/** What a profile has unless it says otherwise; also the base of a user's new profile. */
export const DEFAULT_PROFILE = 'tls12-floor';

const floor: TlsProfile = {
  name: DEFAULT_PROFILE,
  description: 'TLS 1.2 and 1.3, as the path-to-live environments since May 2025',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  honorCipherOrder: true,
  clientCertificate: 'none',
  missingClient: 'alert',
  untrustedClient: 'http400',
  unknownHost: 'proceed',
  serverCertificate: 'host',
};

/** The suites that the SSP's security guidance publishes, in its order of preference. */
const SSP_CIPHERS = [
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
].join(':');

/** The profiles that are always there. A user's profile of the same name changes them. */
export const SHIPPED_PROFILES: readonly Readonly<TlsProfile>[] = [
  floor,
  {
    ...floor,
    name: 'legacy-tls10',
    description: 'TLS 1.0 and up with old ciphers, as before the blocks of 2025',
    minVersion: 'TLSv1.0',
  },
  {
    ...floor,
    name: 'tls10-only',
    description: 'TLS 1.0 and nothing else',
    minVersion: 'TLSv1.0',
    maxVersion: 'TLSv1.0',
  },
  {
    ...floor,
    name: 'tls11-only',
    description: 'TLS 1.1 and nothing else',
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
  },
  {
    ...floor,
    name: 'tls12-only',
    description: 'TLS 1.2 with the eight suites that the SSP guidance publishes',
    maxVersion: 'TLSv1.2',
    ciphers: SSP_CIPHERS,
  },
  { ...floor, name: 'tls13-only', description: 'TLS 1.3 and nothing else', minVersion: 'TLSv1.3' },
];

/** Whether the client offers a version that the profile accepts (RFC 8446 4.2.1: a listed version counts, else the highest). */
export function allowsVersion(profile: TlsProfile, hello: ClientHello): boolean {
  if (!hello.versionsListed) {
    return Math.min(hello.legacyVersionCode, HIGHEST_LEGACY_VERSION) >= versionCode(profile.minVersion);
  }
  const lowest = versionRank(profile.minVersion);
  const highest = versionRank(profile.maxVersion);
  return hello.offeredVersions.map(versionRank).some((rank) => rank >= lowest && rank <= highest);
}

/** Whether the handshake will be one of TLS 1.3: both sides take their highest common version. */
export function negotiatesTls13(profile: TlsProfile, hello: ClientHello): boolean {
  return profile.maxVersion === 'TLSv1.3' && hello.offeredVersions.includes('TLSv1.3');
}

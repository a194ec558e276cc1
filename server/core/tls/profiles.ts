/** Named TLS profiles: how a host speaks TLS, as data. A host's profile may change from one connection to the next. */
import type { ClientHello } from './clientHello.ts';
import { HIGHEST_LEGACY_VERSION, type TlsVersion, versionCode, versionRank } from './versions.ts';

export { DEFAULT_PROFILE, SHIPPED_PROFILES } from './shippedProfiles.ts';

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
  /** Whose rule about client certificates counts where a host has one of its own: the host's, if `clientCertificate` is none, or always this. */
  clientCertificateBy: 'host' | 'profile';
  /** `required` and none sent: a TLS alert, or nginx's page "No required SSL certificate was sent". */
  missingClient: 'alert' | 'http400';
  /** A certificate that does not chain to the client CAs: nginx's page "The SSL certificate error", or a TCP reset. */
  untrustedClient: 'http400' | 'reset';
  /** A host name that no service has: go on with the default certificate as nginx does, or alert unrecognized_name. */
  unknownHost: 'proceed' | 'alert';
  serverCertificate: ServerCertificate;
  fault?: HelloFault;
  /** One sentence on why a host has this profile at present, for the advice to a client that it refuses. */
  because?: string;
}

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

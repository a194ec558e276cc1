/** The TLS profiles that are always there, and the laboratory's, with one thing wrong in each. */
import type { HelloFault, ServerCertificate, TlsProfile } from './profiles.ts';

/** What a profile has unless it says otherwise; also the base of a user's new profile. */
export const DEFAULT_PROFILE = 'tls12-floor';

const floor: TlsProfile = {
  name: DEFAULT_PROFILE,
  description: 'TLS 1.2 and 1.3, as the path-to-live environments since May 2025',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  honorCipherOrder: true,
  clientCertificate: 'none',
  clientCertificateBy: 'host',
  missingClient: 'alert',
  untrustedClient: 'http400',
  unknownHost: 'proceed',
  serverCertificate: 'host',
};

/**
 * The suites that the SSP's security guidance publishes, in its order of preference. The last two are the first two for a key on a
 * curve, as a simulator has that keeps nothing on disk; with an RSA key nobody sees them.
 */
const SSP_CIPHERS = [
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
].join(':');

const wrongCertificate = (serverCertificate: ServerCertificate, name: string, description: string): TlsProfile => ({
  ...floor,
  name,
  description,
  serverCertificate,
});

const asking = (clientCertificate: TlsProfile['clientCertificate'], description: string): TlsProfile => ({
  ...floor,
  name: `client-certificate-${clientCertificate}`,
  description,
  clientCertificate,
  clientCertificateBy: 'profile',
});

const faulty = (name: string, description: string, action: HelloFault['action'], delayMs = 0): TlsProfile => ({
  ...floor,
  name,
  description,
  fault: { delayMs, action },
});

/** Longer than a user waits without a word, shorter than the time-outs of HTTP clients. */
const SLOW_HANDSHAKE_MS = 5_000;

/** One thing wrong in each: for tests of clients. */
const LABORATORY: readonly TlsProfile[] = [
  wrongCertificate('expired', 'expired-server', 'A server certificate that has expired'),
  wrongCertificate('not-yet-valid', 'not-yet-valid', 'A server certificate that begins in a month'),
  wrongCertificate('wrong-name', 'wrong-name', 'A server certificate of another host name'),
  wrongCertificate('unknown-ca', 'unknown-ca', 'A server certificate of an authority that nobody trusts'),
  wrongCertificate(
    'no-intermediate',
    'no-intermediate',
    'The right certificate, with the root in place of the sub CA that signed it',
  ),
  wrongCertificate('revoked', 'revoked-server', 'A server certificate that is on the revocation list'),
  {
    ...wrongCertificate('sha1-chain', 'sha1-chain', 'A server certificate of the older chain, signed with SHA-1'),
    // OpenSSL 3 takes SHA-1 signatures at this level only.
    ciphers: 'DEFAULT:@SECLEVEL=0',
  },
  {
    ...floor,
    name: 'weak-cipher',
    description: 'TLS 1.2 with CBC and SHA-1 suites and no forward secrecy if the key is RSA, as scanners complain of',
    maxVersion: 'TLSv1.2',
    ciphers: 'AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0',
  },
  {
    ...floor,
    name: 'null-cipher',
    description: 'TLS 1.2 without encryption, which no client may accept',
    maxVersion: 'TLSv1.2',
    ciphers: 'NULL-SHA256:NULL-SHA:ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0',
  },
  asking('required', 'A client certificate is required, whatever the host is'),
  asking('optional', 'A client certificate is asked for and may be missing, whatever the host is'),
  asking('none', 'No client certificate is asked for, whatever the host is'),
  faulty('slow-handshake', 'The handshake begins after five seconds', 'proceed', SLOW_HANDSHAKE_MS),
  faulty('reset-after-hello', 'TCP reset after the ClientHello', 'reset'),
  faulty('half-close', 'The server ends its side of the connection after the ClientHello', 'half-close'),
  faulty('silent-handshake', 'The ClientHello is never answered', 'silence'),
];

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
  {
    ...floor,
    name: 'sha1-clients',
    description: 'TLS 1.2 and 1.3, also for client certificates of the older chain, signed with SHA-1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  },
  ...LABORATORY,
];

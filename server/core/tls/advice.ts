/** One plain sentence on what to fix, for each way in which a handshake can fail. */
import type { Alert } from './alerts.ts';
import { cipherSuiteName } from './cipherSuites.ts';
import type { ClientHello } from './clientHello.ts';
import type { TlsProfile } from './profiles.ts';
import type { RefusalReason } from './refusal.ts';

export interface AdviceContext {
  hello?: ClientHello | undefined;
  profile?: TlsProfile | undefined;
  alertReceived?: Alert | undefined;
  detail?: string | undefined;
}

/** Suites named in a sentence; the journal has them all. */
const NAMED_SUITES = 4;

export function adviceFor(reason: RefusalReason, context: AdviceContext): string {
  return ADVICE[reason](context);
}

const ADVICE: Record<RefusalReason, (context: AdviceContext) => string> = {
  'no-hello': () =>
    'The client connected and closed without a byte, as port probes do; nothing needs fixing unless it meant to talk.',
  'hello-timeout': () =>
    'The client connected but did not complete a TLS ClientHello in time: check that it starts TLS at once on this port.',
  'hello-cut-off': () =>
    'The client closed the connection in the middle of its ClientHello: look for a proxy, firewall or time limit on its side.',
  'plain-http': () => 'The client spoke plain HTTP to the HTTPS port: use https:// in its URL, or the HTTP port.',
  'not-tls': () => 'What the client sent is not TLS: check that it uses TLS from the first byte on this port.',
  'malformed-hello': ({ detail }) =>
    `The ClientHello breaks the rules of TLS (${detail}): check the client's TLS library or what rewrites its traffic.`,
  'oversized-hello': ({ detail }) =>
    `The ClientHello is larger than any real one (${detail}): check the client's TLS library or what rewrites its traffic.`,
  'too-many-pending': () =>
    'Too many connections were waiting without completing a ClientHello and this one had waited longest: close idle connections in the client.',
  'protocol-version': versionAdvice,
  'unknown-host': ({ hello }) =>
    `No service has the host name ${hello?.sni ?? '(none)'}: use one of the names that \`spine-sim hosts\` lists.`,
  'no-shared-cipher': cipherAdvice,
  'no-shared-group': () =>
    'The client and this host share no key exchange group: enable X25519 or P-256 (secp256r1) in the client.',
  'no-shared-signature-algorithm': () =>
    'The client accepts no signature algorithm that the certificate of this host can make: enable RSA with SHA-256 in the client.',
  'no-application-protocol': ({ hello }) =>
    `The client offers only ${list(hello?.alpn ?? [])} by ALPN, and this host speaks http/1.1: let the client offer http/1.1.`,
  'inappropriate-fallback': () =>
    'The client fell back to an older TLS version although this host has a newer one: let it offer its highest version at once.',
  'client-certificate-missing': ({ profile }) =>
    `This host requires a client certificate (profile ${profile?.name}) and none was sent: get one with \`spine-sim certs issue <fqdn>\` and set it in the client.`,
  'client-certificate-untrusted': ({ detail }) =>
    `The client certificate is not accepted (${detail}): ${certificateAdvice(detail)}`,
  'server-certificate-rejected': ({ alertReceived, profile }) =>
    profile && profile.serverCertificate !== 'host'
      ? `The client refused our certificate with the alert ${alertReceived?.name}, as it should: profile ${profile.name} shows a bad one on purpose (${profile.serverCertificate}).`
      : `The client refused our certificate with the alert ${alertReceived?.name}: make it trust the simulator's CA (\`spine-sim certs ca\` prints it) and use a host name that is in the certificate.`,
  'client-alert': ({ alertReceived }) =>
    `The client ended the handshake with the alert ${alertReceived?.name}: its own log says why.`,
  'handshake-timeout': () =>
    'The client sent its ClientHello but did not finish the handshake in time: check whether it waits for a smartcard PIN or a person.',
  'handshake-cut-off': () =>
    "The client closed the connection in the middle of the handshake without an alert, as .NET and others do when they do not trust a certificate: make it trust the simulator's CA.",
  'tls-error': ({ detail }) => `OpenSSL refused what the client sent (${detail}): check the client's TLS library.`,
  fault: ({ profile }) =>
    profile?.because === undefined
      ? `Profile ${profile?.name} broke this handshake on purpose: set another profile for the host to end it.`
      : `This host does not answer at present: ${profile.because}`,
  'internal-error': () =>
    'The simulator could not serve this connection through a fault of its own: its log has the details.',
  'shutting-down': () => 'The simulator was stopping: connect again when it has started.',
};

/** What to do about a client certificate, by OpenSSL's code. */
export function certificateAdvice(code: string | undefined): string {
  if (code === 'CERT_HAS_EXPIRED') return 'it has expired; issue a new one with `spine-sim certs issue <fqdn>`.';
  if (code === 'CERT_NOT_YET_VALID')
    return 'it is not valid yet; check the clock of the machine that made it and the simulated clock.';
  if (code === 'CERT_REVOKED') return 'it has been revoked; issue a new one with `spine-sim certs issue <fqdn>`.';
  if (code === 'UNABLE_TO_GET_CRL') return 'there is no revocation list for its CA; this is a fault of the simulator.';
  if (code === 'INVALID_PURPOSE') return 'it is not made for TLS clients (extended key usage clientAuth).';
  return 'use one that this simulator issued (`spine-sim certs issue <fqdn>`) and send its sub CA with it.';
}

/** For a client that completed the handshake and closed without a byte; `suspicion` as in `AbandonedConnection`. */
export function abandonedAdvice(suspicion: string | undefined): string {
  if (suspicion === undefined) {
    return "Nothing needs fixing if this was a probe; a client that means to ask something and stops here does not trust the simulator's CA.";
  }
  return `If it was not a probe, the client does not accept the certificate (${suspicion}): call a host by a name that is in it, and trust the simulator's CA.`;
}

function versionAdvice({ hello, profile }: AdviceContext): string {
  const offered = hello?.offeredVersions ?? [];
  const offer = hello?.versionsListed ? `only ${list(offered)}` : `at most ${offered[0]}`;
  const enable = `enable ${profile?.minVersion === profile?.maxVersion ? 'that' : 'one of these'} in the client.`;
  const because = profile?.because === undefined ? '' : ` ${profile.because}`;
  return `The client offers ${offer} and this host accepts ${rangeOf(profile)} (profile ${profile?.name}): ${enable}${because}`;
}

function cipherAdvice({ hello, profile }: AdviceContext): string {
  const suites = (hello?.cipherSuites ?? []).map(cipherSuiteName);
  const named = suites.slice(0, NAMED_SUITES).join(', ');
  const more = suites.length > NAMED_SUITES ? ` and ${suites.length - NAMED_SUITES} more` : '';
  const accepted =
    profile?.ciphers?.replaceAll(':', ', ') ?? 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 and other modern ones';
  return `The client offers the cipher suites ${named}${more} and this host accepts none of them (profile ${profile?.name}): enable one that it accepts: ${accepted}.`;
}

function rangeOf(profile: TlsProfile | undefined): string {
  if (!profile) return 'none of them';
  return profile.minVersion === profile.maxVersion
    ? profile.minVersion
    : `${profile.minVersion} to ${profile.maxVersion}`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'nothing' : names.join(', ');
}

/** Why a client that has completed the handshake may turn away from the certificate that it was shown. */
import { X509Certificate } from 'node:crypto';
import type { Credentials } from './credentials.ts';
import type { TlsFacts } from './facts.ts';
import type { TlsProfile } from './profiles.ts';

/** An IPv4 client at a socket for both families. */
const MAPPED = /^::ffff:/i;

export interface Shown {
  profile: TlsProfile;
  credentials: Credentials;
  /** Where a client that names no host has connected to. */
  localAddress: string | undefined;
  /** How the connection broke off, if it did not end in order. */
  error: Error | null;
}

/**
 * In words, for connections that were closed without a byte; undefined when nothing speaks against the certificate. Neither
 * alert nor close_notify tells: curl judges the name after the handshake and then closes exactly as `openssl s_client` does.
 * But a name that is in the certificate cannot be what it disliked, and an unknown CA is told by alert.
 */
export function suspicionOf(
  { sni }: TlsFacts,
  { profile, credentials, localAddress, error }: Shown,
): string | undefined {
  if (profile.serverCertificate !== 'host') {
    return `profile ${profile.name} shows a bad one on purpose: ${profile.serverCertificate}`;
  }
  const certificate = new X509Certificate(credentials.cert);
  if (sni !== undefined && certificate.checkHost(sni) === undefined) return `it does not have the name ${sni}`;
  const address = localAddress?.replace(MAPPED, '');
  if (sni === undefined && address !== undefined && certificate.checkIP(address) === undefined) {
    return `it does not have the address ${address}, and the client named no host`;
  }
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return error ? `the connection was broken off, ${code ?? error.message}` : undefined;
}

/** Reachability, versions and cipher suites. */
import type { TlsVersion } from '../../tls/versions.ts';
import { type Finding, mend, note, ok } from './finding.ts';
import type { Observed } from './observe.ts';

const DEPRECATED: TlsVersion[] = ['TLSv1.0', 'TLSv1.1'];
const CURRENT: TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];

const shown = (version: string): string => version.replace('TLSv', 'TLS ');

/** The one finding about a server that can't be spoken to. */
export function unreachable({ asSpine: { reason = '', code } }: Observed): Finding {
  const advice: Record<string, string> = {
    ECONNREFUSED: 'Start the server, and check port and firewall.',
    ENOTFOUND: 'Register the name, or say where the server is in the setting outbound.connect.',
    ETIMEDOUT: 'Check the firewall between Spine and the server, and that it answers a ClientHello.',
    ECONNRESET: 'Look into the log of the server, or of the proxy before it: it breaks off without a TLS alert.',
    ERR_SSL_WRONG_VERSION_NUMBER: 'Turn TLS on for this port.',
    ERR_SSL_PACKET_LENGTH_TOO_LONG: 'Turn TLS on for this port.',
  };
  return mend('connection', `no handshake: ${reason}`, advice[code ?? ''] ?? 'Look into the log of the server.');
}

/** Spine speaks TLS 1.2 and up; the deprecated versions were blocked in 2025. */
export function versionFindings({ versions }: Observed): Finding[] {
  const accepted = (list: TlsVersion[]) => list.filter((version) => versions[version].accepted);
  const old = accepted(DEPRECATED).map(shown);
  const current = accepted(CURRENT).map(shown);
  const findings: Finding[] = [];
  if (current.length > 0) findings.push(ok('versions', `speaks ${current.join(' and ')}`));
  if (old.length === 0) findings.push(ok('old versions', 'refuses TLS 1.0 and 1.1'));
  else findings.push(mend('old versions', `accepts ${old.join(' and ')}`, 'Set TLS 1.2 as the lowest version.'));
  return findings;
}

/** SSP security guidance: the groups AESGCM and AES256 with EECDH or EDH; NULL must be refused. */
export function cipherFindings({ asSpine, spineCiphers, nullCiphers, noForwardSecrecy }: Observed): Finding[] {
  const findings: Finding[] = [];
  if (spineCiphers.accepted) findings.push(ok('cipher suites', `agrees on ${spineCiphers.cipher}`));
  else if (asSpine.accepted) {
    const advice = 'Enable ECDHE with AES-GCM, such as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384.';
    findings.push(mend('cipher suites', `has none of those that Spine offers (${asSpine.cipher})`, advice));
  }
  if (nullCiphers.accepted) {
    findings.push(mend('no encryption', `accepts ${nullCiphers.cipher}`, 'Remove the NULL suites.'));
  }
  if (noForwardSecrecy.accepted) {
    const advice = 'Remove the suites with RSA key exchange (TLS_RSA_...).';
    findings.push(note('forward secrecy', `also accepts ${noForwardSecrecy.cipher}`, advice));
  }
  return findings;
}

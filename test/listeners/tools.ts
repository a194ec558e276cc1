/** Real TLS clients against a running environment. */

import { type Ran, run } from '../core/pki/tools.ts';
import type { Spine } from '../helper.ts';

export const GAS = 'gas.vn03.national.ncrs.nhs.uk';
export const MSG = 'msg.dev.spine2.ncrs.nhs.uk';

export type Version = 'tls1' | 'tls1_1' | 'tls1_2' | 'tls1_3';

/** A handshake of `openssl s_client`, with ciphers of the old days allowed; `port` default that of HTTPS. */
export function openssl(
  spine: Spine,
  host: string,
  args: string[] = [],
  port = spine.environment.ports.https,
): Promise<Ran> {
  const at = ['-connect', `127.0.0.1:${port}`, '-servername', host];
  return run('openssl', ['s_client', ...at, '-cipher', 'DEFAULT:@SECLEVEL=0', ...args]);
}

/** The protocol that came about, or the alert or error that came instead. */
export async function handshake(spine: Spine, host: string, version: Version, port?: number): Promise<string> {
  const { stdout, stderr } = await openssl(spine, host, [`-${version}`], port);
  const protocol = /^New, (TLSv[\d.]+), Cipher is (?!\(NONE\))/m.exec(stdout)?.[1];
  if (protocol) return /^ *Protocol *: (\S+)/m.exec(stdout)?.[1] ?? protocol;
  return (
    /alert protocol version|alert handshake failure|unexpected eof|Connection reset|errno=\d+/.exec(stderr)?.[0] ??
    stderr
  );
}

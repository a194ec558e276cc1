/** Everything that a check needs to see of a server, by a dozen handshakes one after the other. */
import type { Credentials } from '../../pki/pki.ts';
import { TLS_VERSIONS, type TlsVersion } from '../../tls/versions.ts';
import { type ProbeRequest, type ProbeResult, probe } from '../probe.ts';

/** Client certificates that a server should turn down. */
export const STRANGERS = ['unknown-ca', 'expired', 'revoked'] as const;
export type Stranger = (typeof STRANGERS)[number];

/** The suites that the SSP's security guidance publishes, of both kinds of key, and those of TLS 1.3. */
const SPINE_CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'DHE-RSA-AES256-SHA256',
  'DHE-RSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
].join(':');

const NULL_CIPHERS = 'NULL:@SECLEVEL=0';
const NO_FORWARD_SECRECY = 'AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA';

export interface ObserveRequest {
  /** Where the socket goes. */
  host: string;
  port: number;
  /** The server's name, for SNI and for the check of its certificate. */
  name: string;
  /** PEM that Spine trusts. */
  ca: string[];
  /** What Spine shows. */
  credentials: Credentials;
  strangers: Record<Stranger, Credentials>;
}

export interface Observed {
  /** As Spine calls: TLS 1.2 or 1.3, with its certificate; with an HTTP request, as those without it are made too. */
  asSpine: ProbeResult;
  /** The same with TLS 1.2, where the server's flight can be read. */
  inClear: ProbeResult;
  /** With Spine's certificate and one version each. */
  versions: Record<TlsVersion, ProbeResult>;
  withoutCertificate: ProbeResult;
  strangers: Record<Stranger, ProbeResult>;
  spineCiphers: ProbeResult;
  nullCiphers: ProbeResult;
  noForwardSecrecy: ProbeResult;
}

/** True when no handshake can be tried: nothing listens, or it does not speak TLS. */
export const isDead = ({ asSpine, inClear }: Pick<Observed, 'asSpine' | 'inClear'>): boolean =>
  [asSpine, inClear].every(({ accepted, alert }) => !accepted && alert === undefined);

export async function observe({ host, port, name, ca, credentials, strangers }: ObserveRequest): Promise<Observed> {
  const target: ProbeRequest = { host, port, servername: name, ca };
  const spine = { ...target, ...credentials };
  const asSpine = await probe({ ...spine, http: true });
  const inClear = await probe({ ...spine, version: 'TLSv1.2' });
  const dead = isDead({ asSpine, inClear });
  // What nobody answers need not be asked nine times more, each until its time is out.
  const ask = (request: ProbeRequest): Promise<ProbeResult> => (dead ? Promise.resolve(asSpine) : probe(request));
  const versions = {} as Observed['versions'];
  for (const version of TLS_VERSIONS) versions[version] = await ask({ ...spine, version });
  const refused = {} as Observed['strangers'];
  for (const stranger of STRANGERS) refused[stranger] = await ask({ ...target, ...strangers[stranger], http: true });
  return {
    asSpine,
    inClear,
    versions,
    withoutCertificate: await ask({ ...target, http: true }),
    strangers: refused,
    spineCiphers: await ask({ ...spine, ciphers: SPINE_CIPHERS }),
    nullCiphers: await ask({ ...spine, version: 'TLSv1.2', ciphers: NULL_CIPHERS }),
    noForwardSecrecy: await ask({ ...spine, version: 'TLSv1.2', ciphers: NO_FORWARD_SECRECY }),
  };
}

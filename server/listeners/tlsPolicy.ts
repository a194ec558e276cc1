/** What the front doors ask of the configuration and the PKI: profile by host, certificates, trusted CAs. */

import { findHost } from '../config/hosts.ts';
import { ConfigError } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Pki } from '../core/pki/pki.ts';
import type { ClientTrust, Credentials, CredentialsProvider } from '../core/tls/credentials.ts';
import type { HostPolicy } from '../core/tls/frontDoor.ts';
import { buildProfiles } from '../core/tls/profileSet.ts';
import { clientAuthentication } from './clientAuth.ts';

export interface TlsPolicy {
  hosts(sni: string | undefined): HostPolicy;
  credentials: CredentialsProvider;
  clientTrust(): ClientTrust;
}

/** Throws ConfigError for a profile that can't work or a host with a profile that does not exist. */
export function createTlsPolicy(config: Config, pki: Pki): TlsPolicy {
  const { profiles, problems } = buildProfiles(config.tls.profiles);
  const faults = problems.map(({ profile, field, message }) => ({
    where: `tls.profiles.${profile}.${field}`,
    message,
  }));
  const named = { ...config.tls.hosts, '': config.tls.defaultProfile };
  for (const [host, profile] of Object.entries(named)) {
    if (profiles.has(profile)) continue;
    const where = host === '' ? 'tls.defaultProfile' : `tls.hosts.${host}`;
    faults.push({
      where,
      message: `there is no TLS profile "${profile}"; there are ${[...profiles.keys()].join(', ')}`,
    });
  }
  if (faults.length > 0) throw new ConfigError(faults);

  const byHost = new Map(
    Object.entries(config.tls.hosts).map(([host, name]) => [host.toLowerCase(), profiles.get(name)!]),
  );
  const fallback = profiles.get(config.tls.defaultProfile)!;
  const withClientAuth = clientAuthentication(config);
  let certificate: Credentials;
  let trust: ClientTrust;
  const renew = () => {
    const { key, cert } = pki.serverCredentials();
    certificate = { key, cert };
    // Lists are needed only once something is revoked; making them loads the X.509 library.
    const revoked = pki.issued().some((record) => record.revoked !== undefined);
    trust = { ca: pki.clientCaPems(), ...(revoked ? { crl: pki.clientCrlPems() } : {}) };
  };
  renew();
  pki.onRenewed(renew);
  return {
    hosts(sni) {
      const match = findHost(sni);
      const own = match && (byHost.get(sni!) ?? byHost.get(match.host.name));
      return { profile: withClientAuth(own ?? fallback, match?.host.role), known: match !== undefined };
    },
    credentials: () => certificate,
    clientTrust: () => trust,
  };
}

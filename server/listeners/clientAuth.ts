/** Which hosts ask their clients for a certificate, whatever TLS profile they have. */
import type { HostRole } from '../config/hosts.ts';
import type { Config } from '../config/schema.ts';
import type { TlsProfile } from '../core/tls/profiles.ts';

type ClientAuth = Pick<TlsProfile, 'clientCertificate' | 'missingClient' | 'untrustedClient'>;

function authByRole(config: Config): Partial<Record<HostRole, ClientAuth>> {
  const { clientCertificate, clientAuthErrors } = config.ssp;
  const inHandshake = clientAuthErrors === 'handshake';
  return {
    proxy: {
      clientCertificate,
      missingClient: inHandshake ? 'alert' : 'http400',
      untrustedClient: inHandshake ? 'reset' : 'http400',
    },
    // Messaging is mutual TLS in both directions; nginx in front of it answers with its page.
    msg: {
      clientCertificate: config.messaging.clientCertificate,
      missingClient: 'http400',
      untrustedClient: 'http400',
    },
    // By these names clients reach any service; what the service asks for beyond that it says itself.
    local: { clientCertificate: 'optional', missingClient: 'http400', untrustedClient: 'http400' },
    // A certificate that is not trusted has no page in LDAP: the connection is closed, with the reason in the journal.
    ldap: { clientCertificate: config.sds.clientCertificate, missingClient: 'alert', untrustedClient: 'http400' },
    // Providers answer 496 and 495 themselves.
    gpconnect: { clientCertificate: 'optional', missingClient: 'http400', untrustedClient: 'http400' },
    careconnect: { clientCertificate: 'optional', missingClient: 'http400', untrustedClient: 'http400' },
  };
}

/**
 * Gives a host's profile the client authentication of its role. A profile that asks for certificates by itself is left as it
 * is. The same profile and role always give the same object: TLS contexts are kept by it.
 */
export function clientAuthentication(config: Config): (profile: TlsProfile, role: HostRole | undefined) => TlsProfile {
  const roles = authByRole(config);
  const made = new Map<TlsProfile, Map<HostRole, TlsProfile>>();
  return (profile, role) => {
    const auth = role && roles[role];
    if (!auth || profile.clientCertificate !== 'none' || profile.clientCertificateBy === 'profile') return profile;
    let byRole = made.get(profile);
    if (!byRole) {
      byRole = new Map();
      made.set(profile, byRole);
    }
    let own = byRole.get(role);
    if (!own) {
      own = { ...profile, ...auth, name: `${profile.name}+${role}` };
      byRole.set(role, own);
    }
    return own;
  };
}

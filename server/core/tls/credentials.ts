/** The server's certificates and the CAs of its clients, and the OpenSSL contexts made of them. */
import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { protocolOptions } from './profileSet.ts';
import type { ServerCertificate, TlsProfile } from './profiles.ts';

/** A server certificate in use. A renewed one is a new object: the object itself is the key of what is cached from it. */
export interface Credentials {
  /** PEM: leaf first, then the sub CA; the root is not sent. */
  readonly cert: string;
  /** PEM, PKCS#8 or PKCS#1. */
  readonly key: string;
}

/** Who may sign client certificates. A new CRL or CA is a new object, and ends the resumption of older sessions. */
export interface ClientTrust {
  /** PEM. Clients present the leaf alone, so sub CAs belong in here beside the roots. Their names go to the client. */
  readonly ca: readonly string[];
  /** PEM. OpenSSL wants one for every CA of a chain, the root included, or none at all. */
  readonly crl?: readonly string[];
}

/** Which certificate a connection is to be shown. `host` is absent when the client names none. */
export type CredentialsProvider = (request: { host: string | undefined; variant: ServerCertificate }) => Credentials;

interface Made {
  profile: TlsProfile;
  trust: ClientTrust;
  context: SecureContext;
}

/** RSA key exchange and all: one context for each certificate and profile in use; they vanish with the credentials. */
export class SecureContexts {
  #made = new WeakMap<Credentials, Map<string, Made>>();

  /** The context, made at the first use. Throws what OpenSSL says of a bad key or certificate. */
  get(credentials: Credentials, profile: TlsProfile, trust: ClientTrust): SecureContext {
    let byProfile = this.#made.get(credentials);
    if (!byProfile) {
      byProfile = new Map();
      this.#made.set(credentials, byProfile);
    }
    const made = byProfile.get(profile.name);
    if (made && made.profile === profile && made.trust === trust) return made.context;
    const context = make(credentials, profile, trust);
    byProfile.set(profile.name, { profile, trust, context });
    return context;
  }
}

function make(credentials: Credentials, profile: TlsProfile, trust: ClientTrust): SecureContext {
  const wantsClient = profile.clientCertificate !== 'none';
  return createSecureContext({
    ...protocolOptions(profile),
    cert: credentials.cert,
    key: credentials.key,
    ...(wantsClient ? { ca: [...trust.ca] } : {}),
    ...(wantsClient && trust.crl ? { crl: [...trust.crl] } : {}),
    // OpenSSL resumes no session of a server that asks for client certificates without one (SSL_CTX_set_session_id_context).
    sessionIdContext: createHash('sha256').update(profile.name).digest('hex').slice(0, 32),
  });
}

/** The certificates that TLS profiles show: the right one, and those that are wrong in one way each, made before they are needed. */
import { HOSTS } from '../config/hosts.ts';
import { machineNow } from '../core/clock/clock.ts';
import { type Identity, listenerNames, type Pki, pemBlocks, type ServerRequest } from '../core/pki/pki.ts';
import type { Credentials } from '../core/tls/credentials.ts';
import type { ServerCertificate } from '../core/tls/profiles.ts';

const DAY_MS = 86_400_000;

/** How the PKI is asked for each; the two others are made of the right one. */
const REQUESTS: Record<Exclude<ServerCertificate, 'host' | 'no-intermediate'>, Partial<ServerRequest>> = {
  expired: { variant: 'expired' },
  'not-yet-valid': { variant: 'not-yet-valid' },
  'wrong-name': { variant: 'wrong-name' },
  'unknown-ca': { variant: 'unknown-ca' },
  revoked: { variant: 'revoked' },
  'sha1-chain': { chain: 'sha1' },
};

interface Prepared {
  credentials: Credentials;
  /** Machine time in milliseconds from which it no longer shows what it should. */
  staleAt: number;
}

/** Every `get` gives the same object until the certificate is renewed: contexts and sessions are kept by it. */
export class ServerCertificates {
  readonly #pki: Pki;
  readonly #prepared = new Map<ServerCertificate, Prepared>();
  readonly #preparing = new Map<ServerCertificate, Promise<void>>();
  #host!: Credentials;
  #withoutSubCa!: Credentials;

  constructor(pki: Pki) {
    this.#pki = pki;
    this.renew();
  }

  /** Takes up the listeners' certificate as it is now. */
  renew(): void {
    const { key, cert } = this.#pki.serverCredentials();
    this.#host = { key, cert };
    // The root in its place: to a leaf alone OpenSSL adds what it finds among the CAs of clients.
    this.#withoutSubCa = { key, cert: pemBlocks(cert)[0]!.text + this.#pki.rootPem };
  }

  /** Makes the certificate (0.2 s for an RSA key), so that `get` has it. */
  async prepare(variant: ServerCertificate): Promise<void> {
    if (variant === 'host' || variant === 'no-intermediate' || this.#prepared.has(variant)) return;
    await this.#make(variant);
  }

  /** Throws unless it was prepared. */
  get(variant: ServerCertificate): Credentials {
    if (variant === 'host') return this.#host;
    if (variant === 'no-intermediate') return this.#withoutSubCa;
    const prepared = this.#prepared.get(variant);
    if (!prepared) throw new Error(`the certificate "${variant}" was not prepared`);
    // A process may run for so long that a certificate of the future becomes a good one. The old one serves meanwhile.
    if (machineNow() > prepared.staleAt) this.#make(variant).catch(() => {});
    return prepared.credentials;
  }

  #make(variant: keyof typeof REQUESTS): Promise<void> {
    const making = this.#preparing.get(variant) ?? this.#issue(variant).finally(() => this.#preparing.delete(variant));
    this.#preparing.set(variant, making);
    return making;
  }

  async #issue(variant: keyof typeof REQUESTS): Promise<void> {
    const names = HOSTS.map(({ name }) => name.replace(/^\[(.*)\]$/, '$1'));
    const identity = await this.#pki.issueServer({
      cn: HOSTS[0]!.name,
      san: listenerNames(names),
      ...REQUESTS[variant],
    });
    this.#prepared.set(variant, { credentials: shown(identity), staleAt: staleAt(variant, identity) });
  }
}

/** The leaf and the authority that signed it; a root is not sent unless it signed the leaf itself. */
function shown({ certificate, chain, privateKey }: Identity): Credentials {
  return { key: privateKey, cert: certificate + pemBlocks(chain)[0]!.text };
}

function staleAt(variant: ServerCertificate, { notBefore, notAfter }: Identity): number {
  if (variant === 'expired') return Number.POSITIVE_INFINITY;
  return Date.parse(variant === 'not-yet-valid' ? notBefore : notAfter) - DAY_MS;
}

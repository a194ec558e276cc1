/** What the front doors ask of configuration, dated rules and PKI: profile by host and port, certificates, trusted CAs. */
import { findHost, HOSTS, type HostMatch, type HostRole } from '../config/hosts.ts';
import { ConfigError } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { Pki } from '../core/pki/pki.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PolicyRule } from '../core/policy/rule.ts';
import type { Rules } from '../core/rules/engine.ts';
import type { Spaces } from '../core/space/spaces.ts';
import type { ClientTrust, CredentialsProvider } from '../core/tls/credentials.ts';
import type { HostPolicy } from '../core/tls/frontDoor.ts';
import type { TlsProfile } from '../core/tls/profiles.ts';
import { clientAuthentication } from './clientAuth.ts';
import { ProfileBoard, ProfileError } from './profileBoard.ts';
import { ServerCertificates } from './serverCertificates.ts';

/** What a front door needs to know; one for each port. */
export interface DoorPolicy {
  hosts(sni: string | undefined): HostPolicy;
  credentials: CredentialsProvider;
  clientTrust(): ClientTrust;
}

/** The parts of the core that decide how a host speaks TLS. */
export interface TlsPolicyContext {
  config: Config;
  pki: Pki;
  policy: Policy;
  spaces: Spaces;
  /** A rule of the user may give a handshake a profile. */
  rules: Pick<Rules, 'handshake'>;
}

/** A host's profile, and why it has it. */
export interface HostProfile {
  profile: TlsProfile;
  /** port: that port has it; user: a rule of the user; host: it was given to the host; rule: by date; default: none of these. */
  reason: 'port' | 'user' | 'host' | 'rule' | 'default';
  rule?: PolicyRule | undefined;
}

export class TlsPolicy {
  readonly board: ProfileBoard;
  readonly #context: TlsPolicyContext;
  readonly #certificates: ServerCertificates;
  readonly #withClientAuth: ReturnType<typeof clientAuthentication>;
  readonly #byRule = new WeakMap<TlsProfile, WeakMap<PolicyRule, TlsProfile>>();
  readonly #byUser = new WeakMap<TlsProfile, Map<string, TlsProfile>>();
  #trust!: ClientTrust;

  /** Use `createTlsPolicy`. */
  constructor(context: TlsPolicyContext, board: ProfileBoard, certificates: ServerCertificates) {
    this.#context = context;
    this.board = board;
    this.#certificates = certificates;
    this.#withClientAuth = clientAuthentication(context.config);
    this.#renewTrust();
    context.pki.onRenewed(() => {
      certificates.renew();
      this.#renewTrust();
    });
  }

  /** `only`: name of the profile that a port has whatever the host; `role`: that of the host which clients mean that name none. */
  door({ only, role }: { only?: string; role?: HostRole } = {}): DoorPolicy {
    const unnamed = role && HOSTS.find((host) => host.role === role)?.name;
    return {
      hosts: (sni) => {
        const match = findHost(sni);
        const { profile } = this.#ofUser(sni ?? unnamed, only) ?? this.profileOf(sni ?? unnamed, only);
        const own = this.#withClientAuth(profile, (match ?? findHost(unnamed))?.host.role);
        return { profile: own, known: match !== undefined };
      },
      credentials: ({ variant }) => this.#certificates.get(variant),
      clientTrust: () => this.#trust,
    };
  }

  /** The profile of a host name as of now, before the host's own rule about client certificates. */
  profileOf(sni: string | undefined, only?: string): HostProfile {
    if (only !== undefined) return { profile: this.board.profile(only), reason: 'port' };
    const match = findHost(sni);
    const given = match && this.board.given(sni!.toLowerCase(), match.host.name);
    if (given) return { profile: given, reason: 'host' };
    return (match && this.#byDate(match)) ?? { profile: this.board.fallback, reason: 'default' };
  }

  /** What a rule for handshakes says; asked for a handshake only, since rules count how often they were met. */
  #ofUser(sni: string | undefined, only: string | undefined): HostProfile | undefined {
    if (only !== undefined) return undefined;
    const { spaces, rules } = this.#context;
    const label = findHost(sni)?.spaceLabel;
    const space = label !== undefined && spaces.has(label) ? spaces.get(label) : spaces.default;
    const chosen = rules.handshake(space, sni);
    return chosen && { profile: this.#named(chosen.profile, chosen.rule), reason: 'user' };
  }

  /** The profile as that rule of the user gives it, so that the journal names the rule; the same object for both always. */
  #named(name: string, rule: string): TlsProfile {
    const base = this.board.profile(name);
    let byName = this.#byUser.get(base);
    if (!byName) {
      byName = new Map();
      this.#byUser.set(base, byName);
    }
    let named = byName.get(rule);
    if (!named) {
      named = { ...base, name: `${base.name}+${rule}`, because: `The rule ${rule} says so.` };
      byName.set(rule, named);
    }
    return named;
  }

  /** Makes a profile ready for a rule; resolves with what is wrong with its name. */
  async problemOf(profile: string): Promise<string | undefined> {
    try {
      await this.board.use(profile);
      return undefined;
    } catch (error) {
      if (!(error instanceof ProfileError)) throw error;
      return error.message;
    }
  }

  #byDate({ host, spaceLabel }: HostMatch): HostProfile | undefined {
    const { policy, spaces } = this.#context;
    const place = { host: host.name, role: host.role, environment: host.environment };
    const space = spaceLabel !== undefined && spaces.has(spaceLabel) ? spaces.get(spaceLabel) : spaces.default;
    const time = space.clock.now();
    const closed = policy.unavailable(place, time);
    if (closed && (closed.answer === 'reset' || host.role === 'ldap')) {
      return { profile: this.#ruled(this.board.fallback, closed), reason: 'rule', rule: closed };
    }
    const dated = policy.tlsProfile(place, time);
    if (!dated) return undefined;
    const base = dated.profile === undefined ? this.board.fallback : this.board.profile(dated.profile);
    const profile = policy.inForce(dated.rule, time) ? this.#ruled(base, dated.rule) : base;
    return { profile, reason: 'rule', rule: dated.rule };
  }

  /** The profile as a rule gives it; the same object for both always, since contexts are kept by it. */
  #ruled(base: TlsProfile, rule: PolicyRule): TlsProfile {
    let byRule = this.#byRule.get(base);
    if (!byRule) {
      byRule = new WeakMap();
      this.#byRule.set(base, byRule);
    }
    let ruled = byRule.get(rule);
    if (!ruled) {
      ruled = { ...base, name: `${base.name}+${rule.id}`, because: `${rule.title} (policy rule ${rule.id}).` };
      if (rule.kind === 'unavailable') ruled.fault = { delayMs: 0, action: 'reset' };
      byRule.set(rule, ruled);
    }
    return ruled;
  }

  #renewTrust(): void {
    const { pki } = this.#context;
    // Lists are needed only once something is revoked; making them loads the X.509 library.
    const revoked = pki.issued().some((record) => record.revoked !== undefined);
    this.#trust = { ca: pki.clientCaPems(), ...(revoked ? { crl: pki.clientCrlPems() } : {}) };
  }
}

/** Throws ConfigError for a profile that can't work, or a host, port or rule with a profile that does not exist. */
export async function createTlsPolicy(context: TlsPolicyContext): Promise<TlsPolicy> {
  const certificates = new ServerCertificates(context.pki);
  const board = new ProfileBoard(context.config.tls, (variant) => certificates.prepare(variant));
  const faults = board.faults(context.policy.rules());
  if (faults.length > 0) throw new ConfigError(faults);
  await board.prepare(context.policy.rules());
  return new TlsPolicy(context, board, certificates);
}

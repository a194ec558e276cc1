/** Which TLS profiles there are, and which hosts and ports were given one: by the settings, and by hand since. */
import type { ConfigProblem } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { PolicyRule } from '../core/policy/rule.ts';
import { buildProfiles, type ProfileProblem, type ProfileSettings } from '../core/tls/profileSet.ts';
import type { ServerCertificate, TlsProfile } from '../core/tls/profiles.ts';

/** A profile that does not exist, or can't be; `problems` name its fields. */
export class ProfileError extends Error {
  readonly problems: ProfileProblem[];
  constructor(message: string, problems: ProfileProblem[] = []) {
    super(message);
    this.problems = problems;
  }
}

type TlsSettings = Config['tls'];

export interface BoardChanges {
  profiles: ProfileSettings;
  hosts: Record<string, string>;
}

export class ProfileBoard {
  readonly #settings: TlsSettings;
  readonly #prepareCertificate: (variant: ServerCertificate) => Promise<void>;
  readonly #problems: ProfileProblem[];
  #profiles: ReadonlyMap<string, TlsProfile>;
  /** Profiles defined by hand. */
  #defined: ProfileSettings = {};
  /** Names of profiles by host name in small letters, a space's label before it allowed: of the settings, and given by hand. */
  readonly #hosts: ReadonlyMap<string, string>;
  #given = new Map<string, string>();

  /** `prepareCertificate` is awaited before a profile is put to use. */
  constructor(settings: TlsSettings, prepareCertificate: (variant: ServerCertificate) => Promise<void>) {
    this.#settings = settings;
    this.#prepareCertificate = prepareCertificate;
    const { profiles, problems } = buildProfiles(settings.profiles);
    this.#profiles = profiles;
    this.#problems = problems;
    this.#hosts = new Map(Object.entries(settings.hosts).map(([host, name]) => [host.toLowerCase(), name]));
  }

  /** Everything in settings and rules that names a profile wrongly. */
  faults(rules: readonly PolicyRule[]): ConfigProblem[] {
    const wrong = this.#problems.map(({ profile, field, message }) => ({
      where: `tls.profiles.${profile}.${field}`,
      message,
    }));
    const { defaultProfile, hosts, ports } = this.#settings;
    const named: [where: string, name: string | undefined][] = [
      ['tls.defaultProfile', defaultProfile],
      ...Object.entries(hosts).map(([host, name]): [string, string] => [`tls.hosts.${host}`, name]),
      ...Object.keys(ports).map((name): [string, string] => [`tls.ports.${name}`, name]),
      ...rules.flatMap(({ id, profile, before }): [string, string | undefined][] => [
        [`policy.rules.${id}.profile`, profile],
        [`policy.rules.${id}.before`, before],
      ]),
    ];
    const missing = named.filter(([, name]) => name !== undefined && !this.#profiles.has(name));
    return [...wrong, ...missing.map(([where, name]) => ({ where, message: this.#noSuch(name!) }))];
  }

  /** Makes what the profiles in use show. */
  async prepare(rules: readonly PolicyRule[]): Promise<void> {
    const { defaultProfile, ports } = this.#settings;
    const names = [defaultProfile, ...this.#hosts.values(), ...Object.keys(ports), ...rules.flatMap(namesIn)];
    await Promise.all([...new Set(names)].map((name) => this.use(name)));
  }

  list(): TlsProfile[] {
    return [...this.#profiles.values()];
  }

  /** Throws ProfileError. */
  profile(name: string): TlsProfile {
    const profile = this.#profiles.get(name);
    if (!profile) throw new ProfileError(this.#noSuch(name));
    return profile;
  }

  get fallback(): TlsProfile {
    return this.profile(this.#settings.defaultProfile);
  }

  /** The profile that was given to a host, first by its whole name, then by the name without a space's label. */
  given(...names: string[]): TlsProfile | undefined {
    for (const host of names) {
      const name = this.#given.get(host) ?? this.#hosts.get(host);
      if (name !== undefined) return this.profile(name);
    }
    return undefined;
  }

  /** Gets a profile ready to be shown. Throws ProfileError. */
  async use(name: string): Promise<TlsProfile> {
    const profile = this.profile(name);
    await this.#prepareCertificate(profile.serverCertificate);
    return profile;
  }

  /** Gives a host a profile from now on; undefined gives it back to settings and dates. Throws ProfileError. */
  async give(host: string, name: string | undefined): Promise<void> {
    const key = host.toLowerCase();
    if (name === undefined) {
      this.#given.delete(key);
      return;
    }
    await this.use(name);
    this.#given.set(key, name);
  }

  /** What was defined and given by hand, to be kept: `define` and `give` take each of them. */
  changes(): BoardChanges {
    return { profiles: this.#defined, hosts: Object.fromEntries(this.#given) };
  }

  /** Puts these in the place of all that was defined and given by hand. Throws ProfileError, and then all is as it was. */
  async take({ profiles: defined, hosts }: BoardChanges): Promise<void> {
    const profiles = this.#built(defined, Object.keys(defined));
    const given = Object.entries(hosts).map(([host, name]): [string, string] => [host.toLowerCase(), name]);
    for (const name of new Set(given.map(([, name]) => name))) {
      const profile = profiles.get(name);
      if (!profile) throw new ProfileError(this.#noSuch(name));
      await this.#prepareCertificate(profile.serverCertificate);
    }
    this.#defined = defined;
    this.#profiles = profiles;
    this.#given = new Map(given);
  }

  /** Adds a profile, or changes one. Throws ProfileError with every problem. */
  async define(name: string, fields: ProfileSettings[string]): Promise<TlsProfile> {
    const defined = { ...this.#defined, [name]: fields };
    const profiles = this.#built(defined, [name]);
    await this.#prepareCertificate(profiles.get(name)!.serverCertificate);
    this.#defined = defined;
    this.#profiles = profiles;
    return profiles.get(name)!;
  }

  /** All profiles with these. Throws ProfileError for what is wrong in those that are named. */
  #built(defined: ProfileSettings, names: readonly string[]): ReadonlyMap<string, TlsProfile> {
    const { profiles, problems } = buildProfiles({ ...this.#settings.profiles, ...defined });
    const own = problems.filter(({ profile }) => names.includes(profile));
    if (own.length === 0) return profiles;
    const told = own.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new ProfileError(`the profile "${own[0]!.profile}" can't be: ${told}`, own);
  }

  /** As the settings have it. */
  reset(): void {
    this.#defined = {};
    this.#profiles = buildProfiles(this.#settings.profiles).profiles;
    this.#given.clear();
  }

  #noSuch(name: string): string {
    return `there is no TLS profile "${name}"; there are ${[...this.#profiles.keys()].join(', ')}`;
  }
}

const namesIn = ({ profile, before }: PolicyRule): string[] => [profile, before].filter((name) => name !== undefined);

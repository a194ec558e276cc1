/** The profiles in force: the shipped ones with the user's merged in by name, checked so that no handshake meets a bad one. */
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { SERVER_CERTIFICATES, type TlsProfile } from './profiles.ts';
import { DEFAULT_PROFILE, SHIPPED_PROFILES } from './shippedProfiles.ts';
import { TLS_VERSIONS, toNodeVersion, versionRank } from './versions.ts';

/** A user's profiles by name, each with only what differs. `extends` names the profile that it starts from. */
export type ProfileSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ProfileProblem {
  /** Name of the user's profile. */
  profile: string;
  /** Field of it, such as `minVersion` or `fault.delayMs`. */
  field: string;
  message: string;
}

export interface ProfileSet {
  profiles: ReadonlyMap<string, Readonly<TlsProfile>>;
  problems: ProfileProblem[];
}

const NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;
/** Ten minutes: longer than any client waits. */
const MAX_FAULT_DELAY_MS = 600_000;

const CHOICES: Partial<Record<keyof TlsProfile, readonly unknown[]>> = {
  minVersion: TLS_VERSIONS,
  maxVersion: TLS_VERSIONS,
  honorCipherOrder: [true, false],
  clientCertificate: ['none', 'optional', 'required'],
  clientCertificateBy: ['host', 'profile'],
  missingClient: ['alert', 'http400'],
  untrustedClient: ['http400', 'reset'],
  unknownHost: ['proceed', 'alert'],
  serverCertificate: SERVER_CERTIFICATES,
};
const FIELDS = new Set<string>([...Object.keys(CHOICES), 'extends', 'description', 'ciphers', 'fault']);
const FAULT_FIELDS: readonly string[] = ['delayMs', 'action'];
const FAULT_ENDS: readonly unknown[] = ['proceed', 'reset', 'half-close', 'silence'];

type Fault = Omit<ProfileProblem, 'profile'>;

/**
 * Merges the user's profiles into the shipped ones, in order. A known name changes that profile; a new one starts from the
 * profile in `extends`, or the default. A profile with a problem is left out, and every problem is told.
 */
export function buildProfiles(settings: ProfileSettings = {}): ProfileSet {
  const profiles = new Map<string, Readonly<TlsProfile>>(SHIPPED_PROFILES.map((profile) => [profile.name, profile]));
  const problems: ProfileProblem[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    const { extends: parent, ...changes } = setting;
    const base = profiles.get(String(parent ?? name)) ?? profiles.get(DEFAULT_PROFILE)!;
    const merged = { ...base, ...changes, name } as TlsProfile;
    const found = fieldProblems(setting, merged);
    if (parent !== undefined && !profiles.has(String(parent))) {
      found.push({ field: 'extends', message: `no such profile; there are ${[...profiles.keys()].join(', ')}` });
    }
    if (found.length === 0) found.push(...openSslProblems(merged));
    if (found.length === 0) profiles.set(name, Object.freeze(merged));
    for (const problem of found) problems.push({ profile: name, ...problem });
  }
  return { profiles, problems };
}

function fieldProblems(setting: Readonly<Record<string, unknown>>, merged: TlsProfile): Fault[] {
  const found: Fault[] = [];
  for (const field of Object.keys(setting)) {
    if (!FIELDS.has(field))
      found.push({ field, message: `not a field of a TLS profile; there are ${[...FIELDS].join(', ')}` });
  }
  if (!NAME.test(merged.name))
    found.push({ field: 'name', message: 'use small letters, digits and hyphens, 40 at most' });
  for (const [field, allowed] of Object.entries(CHOICES)) {
    if (!allowed.includes(merged[field as keyof TlsProfile])) {
      found.push({ field, message: `must be one of ${allowed.join(', ')}` });
    }
  }
  for (const field of ['description', 'ciphers'] as const) {
    if (merged[field] !== undefined && typeof merged[field] !== 'string')
      found.push({ field, message: 'must be a text' });
  }
  if (versionRank(merged.minVersion) > versionRank(merged.maxVersion)) {
    found.push({ field: 'minVersion', message: `${merged.minVersion} is above maxVersion ${merged.maxVersion}` });
  }
  if (merged.fault !== undefined) found.push(...faultProblems(merged.fault));
  return found;
}

function faultProblems(fault: unknown): Fault[] {
  if (typeof fault !== 'object' || fault === null) return [{ field: 'fault', message: 'must have delayMs and action' }];
  const { delayMs, action, ...rest } = fault as Record<string, unknown>;
  const found: Fault[] = Object.keys(rest).map((field) => ({
    field: `fault.${field}`,
    message: `not a field of a fault; there are ${FAULT_FIELDS.join(', ')}`,
  }));
  if (!(Number.isInteger(delayMs) && (delayMs as number) >= 0 && (delayMs as number) <= MAX_FAULT_DELAY_MS)) {
    found.push({ field: 'fault.delayMs', message: `must be a whole number from 0 to ${MAX_FAULT_DELAY_MS}` });
  }
  if (!FAULT_ENDS.includes(action))
    found.push({ field: 'fault.action', message: `must be one of ${FAULT_ENDS.join(', ')}` });
  return found;
}

/** OpenSSL alone knows which cipher lists are good. */
function openSslProblems(profile: TlsProfile): Fault[] {
  try {
    createSecureContext(protocolOptions(profile));
    return [];
  } catch (error) {
    return [{ field: 'ciphers', message: `OpenSSL refuses it: ${(error as Error).message}` }];
  }
}

/** The part of a secure context's options that the profile decides by itself. */
export function protocolOptions(profile: TlsProfile): SecureContextOptions {
  const ciphers = cipherList(profile);
  return {
    minVersion: toNodeVersion(profile.minVersion),
    maxVersion: toNodeVersion(profile.maxVersion),
    honorCipherOrder: profile.honorCipherOrder,
    // Without it OpenSSL has no Diffie-Hellman group and the DHE suites vanish.
    dhparam: 'auto',
    ...(ciphers === undefined ? {} : { ciphers }),
  };
}

/**
 * OpenSSL 3 speaks TLS 1.0 and 1.1 at security level 0 only, since their handshake signs with MD5 and SHA-1: a profile that
 * allows them gets it unless it names a level itself.
 */
function cipherList(profile: TlsProfile): string | undefined {
  const legacy = versionRank(profile.minVersion) < versionRank('TLSv1.2');
  if (!legacy || profile.ciphers?.includes('@SECLEVEL')) return profile.ciphers;
  return `${profile.ciphers ?? 'DEFAULT'}:@SECLEVEL=0`;
}

/** The protocol versions of TLS: their numbers on the wire, the names used here, and the names that Node uses. */
import type { SecureVersion } from 'node:tls';

/** Versions that a profile can allow, oldest first. SSLv2 and SSLv3 are recognised in a hello but never spoken. */
export const TLS_VERSIONS = ['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

const WIRE_NAMES: ReadonlyMap<number, string> = new Map([
  [0x0002, 'SSLv2'],
  [0x0300, 'SSLv3'],
  [0x0301, 'TLSv1.0'],
  [0x0302, 'TLSv1.1'],
  [0x0303, 'TLSv1.2'],
  [0x0304, 'TLSv1.3'],
]);

/** Highest version that may stand in a record header or a hello's legacy_version (RFC 8446 4.1.2, 5.1). */
export const HIGHEST_LEGACY_VERSION = 0x0303;

/** The name of a version number from the wire; `0x7F1C` for one that is not known (drafts). */
export function versionName(code: number): string {
  return WIRE_NAMES.get(code) ?? `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Place in the order of versions; -1 for SSLv2, SSLv3 and unknown ones. */
export function versionRank(name: string): number {
  return (TLS_VERSIONS as readonly string[]).indexOf(name);
}

/** The number on the wire of a version that a profile can allow. */
export function versionCode(version: TlsVersion): number {
  return 0x0301 + versionRank(version);
}

/** Node says `TLSv1` for TLS 1.0. */
export function toNodeVersion(version: TlsVersion): SecureVersion {
  return version === 'TLSv1.0' ? 'TLSv1' : version;
}

/** The other way; null (a socket that is gone) gives an empty text. */
export function fromNodeVersion(version: string | null): string {
  return version === 'TLSv1' ? 'TLSv1.0' : (version ?? '');
}

/** Values that clients sprinkle in to keep servers tolerant; they mean nothing (RFC 8701 2). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff);
}

/** Which names the authorities certify. */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { PkiError } from './errors.ts';

/** RFC 5280 appendix A, ub-common-name. */
const LONGEST_COMMON_NAME = 64;
/** RFC 1035 2.3.4. */
const LONGEST_HOST_NAME = 253;
/** A listener has about a hundred; more only make the handshake long. */
const MOST_ALTERNATIVE_NAMES = 1000;

/** Underscores are no host name characters, but local ids of message clients hold them. */
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST = new RegExp(`^(?:${LABEL}\\.)*${LABEL}$`, 'i');
const FQDN = new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`, 'i');

/** What stands under `O=nhs, OU=people`: PrintableString characters of a uid. */
const UID = /^[A-Za-z0-9.-]+$/;

/** True for an IPv4 or IPv6 address. Node compiles its pattern for IPv6 at first use (several ms), so plain names pass by it. */
export const isAddress = (name: string): boolean => /:|^[\d.]+$/.test(name) && isIP(name) !== 0;

const refuse = (message: string): never => {
  throw new PkiError('REQUEST_INVALID', message);
};

/** True for a fully qualified domain name that fits a common name; no wildcard, no address. */
export function isFqdn(name: string): boolean {
  return name.length <= LONGEST_COMMON_NAME && FQDN.test(name) && !isAddress(name);
}

/**
 * Throws PkiError (`REQUEST_INVALID`) unless a device may have this common name. Beside what the real authorities certify, a
 * name of one label: a container is called by it.
 */
export function checkCommonName(cn: string): void {
  if (cn.length <= LONGEST_COMMON_NAME && HOST.test(cn) && !isAddress(cn)) return;
  refuse(`${JSON.stringify(cn)} is no host name of at most 64 characters`);
}

/** Throws PkiError (`REQUEST_INVALID`) unless a smartcard may have this common name. */
export function checkUid(uid: string): void {
  if (uid.length > LONGEST_COMMON_NAME || !UID.test(uid)) refuse(`${JSON.stringify(uid)} is not the uid of a user`);
}

/** Throws PkiError (`REQUEST_INVALID`) unless each is a host name, a wildcard of one, or an IP address. */
export function checkAlternativeNames(names: readonly string[]): void {
  if (names.length > MOST_ALTERNATIVE_NAMES) refuse(`more than ${MOST_ALTERNATIVE_NAMES} names for one certificate`);
  for (const name of names) {
    const host = name.startsWith('*.') ? name.slice(2) : name;
    if (!isAddress(name) && (host.length > LONGEST_HOST_NAME || !HOST.test(host))) {
      refuse(`${JSON.stringify(name)} is not a host name or an IP address`);
    }
  }
}

/** The names that containers are given at random, which nobody calls them by. */
const CONTAINER = /^[0-9a-f]{12}$/;

/**
 * The names of a listener's certificate: each host, one label before it (a space can be named there), and this machine.
 * libldap replaces `localhost` by the machine's own name before it compares, so that is there too.
 */
export function listenerNames(hosts: readonly string[], machine: string = hostname()): string[] {
  const named = [...hosts, 'localhost'].flatMap((host) => (isAddress(host) ? [host] : [host, `*.${host}`]));
  const own = HOST.test(machine) && !CONTAINER.test(machine) ? [machine] : [];
  return [...new Set([...named, ...own, '127.0.0.1', '::1'])];
}

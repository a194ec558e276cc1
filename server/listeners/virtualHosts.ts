/** Which service answers an HTTP request: by host name and path, the longest path prefix first. */
import type { FastifyInstance } from 'fastify';
import { findHost, type HostMatch, hostOfRole } from '../config/hosts.ts';
import type { HttpService } from '../core/http/service.ts';

export interface Mounted {
  service: HttpService;
  app: FastifyInstance;
}

export interface Selection {
  match: HostMatch | undefined;
  /** The service that claims host and path. */
  mounted?: Mounted;
  /** What else is behind the host, for the explanation when nothing claims the path. */
  candidates: Mounted[];
  /** True when the host has services, but none without TLS. */
  secureOnly: boolean;
}

/** Behind the host of the Spine Secure Proxy stands the whole URL of a provider, which no other service takes for a path. */
const PROXIED = /^\/https?(:|%3a)/i;

function prefixLength(service: HttpService, path: string): number {
  let longest = -1;
  for (const prefix of service.paths) {
    if (prefix.length > longest && fits(prefix, path)) longest = prefix.length;
  }
  return longest;
}

/** What begins with `/mesh` is `/mesh` and `/mesh/1`, not `/meshing`. */
function fits(prefix: string, path: string): boolean {
  if (prefix === '/') return true;
  if (!path.startsWith(prefix)) return false;
  return prefix.length === path.length || prefix.endsWith('/') || path[prefix.length] === '/';
}

export class VirtualHosts {
  #plainServices: boolean;
  #mounted: Mounted[] = [];
  #byRole = new Map<string, Mounted[]>();

  /** `plainServices`: every service is reachable without TLS, not only those that Spine has there. */
  constructor(plainServices = false) {
    this.#plainServices = plainServices;
  }

  /** Throws when another service has one of the paths on one of the hosts: only one of them would ever be asked. */
  mount(mounted: Mounted): void {
    for (const { service } of this.#mounted) {
      const path = service.paths.find((known) => known !== '/' && mounted.service.paths.includes(known));
      const shared = service.hosts.some((host) => mounted.service.hosts.includes(host));
      if (path !== undefined && shared) {
        throw new Error(`${service.name} and ${mounted.service.name} both claim ${path}`);
      }
    }
    this.#mounted.push(mounted);
    for (const role of mounted.service.hosts) this.#byRole.set(role, [...(this.#byRole.get(role) ?? []), mounted]);
  }

  /** `sni` has more weight than the Host header only where there is none: one connection may carry several hosts. */
  select(hostHeader: string | undefined, sni: string | undefined, path: string, secure: boolean): Selection {
    const match = findHost(hostHeader) ?? findHost(sni);
    const local = match === undefined || match.host.role === 'local';
    const behind = local ? this.#mounted : (this.#byRole.get(match.host.role) ?? []);
    const all = secure || this.#plainServices;
    const candidates = all ? behind : behind.filter(({ service }) => service.plainHttp);
    let best: Mounted | undefined;
    let bestLength = -1;
    for (const candidate of candidates) {
      // A service that claims every path can be told from others by its host name only.
      const length = prefixLength(candidate.service, path);
      if (length > bestLength && !(local && length === 1)) {
        best = candidate;
        bestLength = length;
      }
    }
    return { match, mounted: best, candidates, secureOnly: candidates.length === 0 && behind.length > 0 };
  }

  /** Another host where something has this very path, for who took the wrong one. */
  elsewhere(path: string, match: HostMatch | undefined): { host: string; service: HttpService } | undefined {
    const services = this.#mounted.map(({ service }) => service);
    const found = PROXIED.test(path)
      ? services.find(({ hosts }) => hosts.includes('proxy'))
      : services.find((service) => prefixLength(service, path) > 1);
    const host = found && hostOfRole(found.hosts, match?.host);
    return found && host !== undefined ? { host, service: found } : undefined;
  }
}

/** Every host name that the simulator answers to. The role says which services listen behind it. */
import { nearest } from '../core/yaml/nearest.ts';

export type HostRole =
  | 'gas'
  | 'sbapi'
  | 'portal'
  | 'ldap'
  | 'msg'
  | 'simple-sync'
  | 'proxy'
  | 'msg-out'
  | 'nww'
  | 'wfe'
  | 'susportal'
  | 'ers'
  | 'crl'
  | 'gpconnect'
  | 'careconnect'
  | 'api'
  | 'local';

export interface HostName {
  name: string;
  role: HostRole;
  environment: 'DEV' | 'INT' | 'TRAIN' | 'DEP' | 'any';
}

type Names = Partial<Record<HostRole, string[]>>;

const NAMES: Record<HostName['environment'], Names> = {
  DEV: {
    ldap: ['ldap.vn03.national.ncrs.nhs.uk'],
    gas: ['gas.vn03.national.ncrs.nhs.uk'],
    sbapi: ['sbapi.vn03.national.ncrs.nhs.uk'],
    portal: ['portal.vn03.national.ncrs.nhs.uk'],
    msg: ['msg.dev.spine2.ncrs.nhs.uk'],
    'simple-sync': ['simple-sync.dev.spine2.ncrs.nhs.uk'],
    proxy: ['proxy.dev.spine2.ncrs.nhs.uk'],
    'msg-out': ['msg-out.dev.spine2.ncrs.nhs.uk'],
    nww: ['nww.dev.spine2.ncrs.nhs.uk'],
    wfe: ['wfe.dev.iam.spine2.ncrs.nhs.uk'],
    api: ['internal-dev.api.service.nhs.uk', 'dev.api.service.nhs.uk', 'sandbox.api.service.nhs.uk'],
    susportal: ['susportal.ota.national.ncrs.nhs.uk'],
    ers: [
      'nww.dev1.ers.ncrs.nhs.uk',
      'nww.pwa.dev1.ers.ncrs.nhs.uk',
      'api.dev1.ers.ncrs.nhs.uk',
      'mhsin.dev1.ers.ncrs.nhs.uk',
      'nww.dev3.ers.ncrs.nhs.uk',
      'nww.pwa.dev3.ers.ncrs.nhs.uk',
      'api.dev3.ers.ncrs.nhs.uk',
      'mhsin.dev3.ers.ncrs.nhs.uk',
    ],
  },
  INT: {
    ldap: ['ldap.nis1.national.ncrs.nhs.uk'],
    gas: ['gas.nis1.national.ncrs.nhs.uk'],
    sbapi: ['sbapi.nis1.national.ncrs.nhs.uk'],
    portal: ['portal.nis1.national.ncrs.nhs.uk'],
    msg: ['msg.int.spine2.ncrs.nhs.uk', 'msg.intspineservices.nhs.uk'],
    'simple-sync': ['simple-sync.int.spine2.ncrs.nhs.uk'],
    proxy: ['proxy.int.spine2.ncrs.nhs.uk', 'proxy.intspineservices.nhs.uk'],
    'msg-out': ['msg-out.int.spine2.ncrs.nhs.uk'],
    api: ['int.api.service.nhs.uk'],
  },
  TRAIN: {
    gas: ['gas.tsp.national.ncrs.nhs.uk'],
    sbapi: ['sbapi.tsp.national.ncrs.nhs.uk'],
    ldap: ['ldap.tsp.national.ncrs.nhs.uk'],
    msg: ['msg.train.spine2.ncrs.nhs.uk'],
  },
  DEP: {
    gas: ['gas.vn1.national.ncrs.nhs.uk'],
    sbapi: ['sbapi.vn1.national.ncrs.nhs.uk'],
    ldap: ['ldap.vn1.national.ncrs.nhs.uk'],
    msg: ['msg.dep.spine2.ncrs.nhs.uk', 'msg.depspineservices.nhs.uk'],
    api: ['dep.api.service.nhs.uk'],
  },
  any: {
    crl: ['crl.nhs.uk'],
    // Invented: the GP Connect providers inside the simulator, each practice under a path of its own.
    gpconnect: ['gpc.example-supplier.thirdparty.nhs.uk'],
    // Invented: the provider of urgent care booking inside the simulator.
    careconnect: ['uec.example-supplier.thirdparty.nhs.uk'],
    // Names by which the process is reached without DNS: every service answers there by its path.
    local: ['localhost', '127.0.0.1', '[::1]', 'spine', 'spine-sim'],
  },
};

/** All host names, in a stable order. */
export const HOSTS: readonly HostName[] = Object.entries(NAMES).flatMap(([environment, names]) =>
  Object.entries(names).flatMap(([role, list]) =>
    list.map((name) => ({ name, role: role as HostRole, environment: environment as HostName['environment'] })),
  ),
);

const BY_NAME = new Map(HOSTS.map((host) => [host.name, host]));

/** Names that a hosts file or DNS must point at the simulator: all but the local ones. */
export const PUBLIC_HOST_NAMES: readonly string[] = HOSTS.filter((host) => host.role !== 'local').map(
  (host) => host.name,
);

export interface HostMatch {
  host: HostName;
  /** A label put before a known name names the space. */
  spaceLabel?: string;
}

/** Finds a host by the name in SNI or Host header (port and case ignored), with or without a space label before it. */
export function findHost(name: string | undefined): HostMatch | undefined {
  if (name === undefined) return undefined;
  const bare = name.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const exact = BY_NAME.get(bare);
  if (exact) return { host: exact };
  const dot = bare.indexOf('.');
  const parent = dot > 0 ? BY_NAME.get(bare.slice(dot + 1)) : undefined;
  return parent && { host: parent, spaceLabel: bare.slice(0, dot) };
}

/** The public name that a name of no host was probably meant to be. */
export const nearestHost = (name: string): string | undefined =>
  nearest(name.toLowerCase().replace(/:\d+$/, ''), PUBLIC_HOST_NAMES);

/** The name of a role: that of the same environment as `like`, else one that all have, else the first. */
export function hostOfRole(roles: readonly string[], like: HostName | undefined): string | undefined {
  const names = HOSTS.filter(({ role }) => role !== 'local' && roles.includes(role));
  const of = (environment: HostName['environment'] | undefined) =>
    names.find((host) => host.environment === environment);
  return (of(like?.environment) ?? of('any') ?? names[0])?.name;
}

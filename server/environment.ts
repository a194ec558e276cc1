/**
 * The composition root: every part in the order in which it is made, with what it is made from. Nothing is found by itself:
 * what is not on these lists is not in the product.
 */
import type { Server as NetServer } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { buildAdmin } from './admin/admin.ts';
import type { AdminContext } from './admin/context.ts';
import { HOSTS } from './config/hosts.ts';
import { ConfigError } from './config/load.ts';
import type { Config } from './config/schema.ts';
import type { Core } from './core/core.ts';
import type { CoverageRow, HttpService } from './core/http/service.ts';
import { buildServiceApp } from './core/http/serviceApp.ts';
import { type Closers, createCore, stubsFolder } from './createCore.ts';
import { runInitHooks } from './initHooks.ts';
import { answerClientErrors } from './listeners/clientErrors.ts';
import { dispatcher, exchangeOpener } from './listeners/dispatcher.ts';
import { EnvironmentChanges } from './listeners/environmentChanges.ts';
import { createHttpServer } from './listeners/http.ts';
import { createHttpsServer } from './listeners/https.ts';
import { createLdapServers } from './listeners/ldap.ts';
import { closeServer, listen } from './listeners/listen.ts';
import { createTlsPolicy } from './listeners/tlsPolicy.ts';
import { VirtualHosts } from './listeners/virtualHosts.ts';
import { createCareConnectService } from './services/careconnect/service.ts';
import { createCrlService } from './services/crl/service.ts';
import { createGasService } from './services/gas/service.ts';
import { createGazetteerService } from './services/gazetteer/service.ts';
import { createGpConnectService } from './services/gpconnect/service.ts';
import { createMeshService } from './services/mesh/service.ts';
import { createMessagingService } from './services/messaging/service.ts';
import { createNn4bDomain } from './services/nn4b/nn4b.ts';
import { createPdsDomain } from './services/pds/pds.ts';
import { createPortalService } from './services/portal/service.ts';
import { SDS_COVERAGE } from './services/sds/coverage.ts';
import { createSdsFhirService } from './services/sds/fhir/service.ts';
import { exportLdif } from './services/sds/ldif/export.ts';
import { loadLdifFolder, logFiles } from './services/sds/ldif/folder.ts';
import { importLdif } from './services/sds/ldif/import.ts';
import { createSds, type Sds } from './services/sds/sds.ts';
import { createSmspService } from './services/smsp/service.ts';
import { createSsoService } from './services/sso/service.ts';
import { createSspService } from './services/ssp/service.ts';

/** Every HTTP service, in the order of the start-up table. */
const SERVICES: ((core: Core, sds: Sds) => HttpService | Promise<HttpService>)[] = [
  createCrlService,
  createSmspService,
  createGasService,
  createSsoService,
  createPortalService,
  createMeshService,
  createMessagingService,
  createGazetteerService,
  createSspService,
  createGpConnectService,
  createCareConnectService,
  createSdsFhirService,
];

/** What answers to messages; registered before the services that carry them. */
const DOMAINS: ((core: Core) => void)[] = [createPdsDomain, createNn4bDomain];

/** How often certificates are looked at for renewal, in milliseconds. */
const RENEWAL_CHECK_MS = 6 * 3_600_000;

export interface Ports {
  https: number;
  http: number;
  ldaps: number;
  ldap: number;
  admin: number;
  /** Further HTTPS ports by the TLS profile that they have. */
  laboratory: Record<string, number>;
}

export interface Environment {
  core: Core;
  ports: Ports;
  services: HttpService[];
  admin: FastifyInstance;
  /** The coverage table, a part for each service. */
  coverage(): { name: string; title: string; rows: CoverageRow[] }[];
  close(): Promise<void>;
}

/** Makes and starts everything. Throws ConfigError, ListenError, or what a part says of its files. */
export async function startEnvironment(config: Config, log: Logger): Promise<Environment> {
  refuseOpenAdmin(config);
  const closers: Closers = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return await start(config, log, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(config: Config, log: Logger, closers: Closers, close: () => Promise<void>): Promise<Environment> {
  const core = await createCore(config, log, closers);
  const { spaces } = core;

  const hosts = new VirtualHosts(config.plainServices);
  const open = exchangeOpener(core);
  const dumps = await loadLdifFolder(join(stubsFolder(config), 'sds'), spaces.default.clock.now());
  logFiles(log, dumps.files);
  const sds = createSds(core, config.sds, dumps.directory);
  const services: HttpService[] = [];
  for (const register of DOMAINS) register(core);
  for (const create of SERVICES) {
    const service = await create(core, sds);
    const app = await buildServiceApp(service, open);
    hosts.mount({ service, app });
    services.push(service);
    closers.push(() => app.close());
  }

  const tls = await createTlsPolicy(core);
  const changes = new EnvironmentChanges(core.store, core.policy, tls.board);
  const unusable = await changes.open();
  if (unusable !== undefined) {
    log.error(
      { reason: unusable },
      'the dated rules and TLS profiles changed by hand do not fit the settings and are left out',
    );
  }
  await core.rules.checkTlsBy((profile) => tls.problemOf(profile));
  const listener = dispatcher(hosts, open, core);
  const { server: https, door } = createHttpsServer(core, tls.door(), listener);
  const http = createHttpServer(listener);
  const { ldaps, ldap, door: ldapDoor } = createLdapServers(core, tls.door({ role: 'ldap' }), sds);
  const laboratory = Object.entries(config.tls.ports).map(([profile, port]) => ({
    profile,
    port,
    ...createHttpsServer(core, tls.door({ only: profile }), listener),
  }));
  for (const server of [https, http, ...laboratory.map(({ server }) => server)]) answerClientErrors(server, core);

  const coverage = () => [
    ...services.map(({ name, title, coverage: rows }) => ({ name, title, rows })),
    { name: 'sds', title: 'SDS directory', rows: SDS_COVERAGE },
  ];
  const state = { ready: false, parts: { store: true, certificates: true, world: true } as Record<string, boolean> };
  const context: AdminContext = {
    core,
    tls,
    changes,
    ports: () => environment.ports,
    ready: () => state.ready,
    parts: () => state.parts,
    ldif: { export: (world, parties) => Readable.from(exportLdif(world, parties)), import: importLdif },
    services: () => serviceTable(services, environment.ports),
    coverage: () => coverage().flatMap(({ name, rows }) => rows.map((row) => ({ service: name, ...row }))),
  };
  const admin = await buildAdmin(context);
  closers.push(async () => {
    state.ready = false;
    door.close();
    ldapDoor.close();
    for (const { door: own } of laboratory) own.close();
    sds.close();
    const servers = [https, http, ldaps, ldap, admin.server, ...laboratory.map(({ server }) => server)];
    await Promise.all([admin.close(), ...servers.map((server) => closeServer(server))]);
  });
  const bind = async (part: string, server: NetServer, port: number, name = `--${part}-port`): Promise<number> => {
    const [address, host] = part === 'admin' ? [config.adminHost, '--admin-host'] : [config.host, '--host'];
    const bound = await listen(server, address, port, { port: name, host }, log);
    state.parts[part] = true;
    return bound;
  };
  const ports: Ports = {
    https: await bind('https', https, config.httpsPort),
    http: await bind('http', http, config.httpPort),
    ldaps: await bind('ldaps', ldaps, config.ldapsPort),
    ldap: await bind('ldap', ldap, config.ldapPort),
    admin: await bind('admin', admin.server, config.adminPort),
    laboratory: {},
  };
  for (const { profile, port, server } of laboratory) {
    const name = `tls.ports.${profile}`;
    ports.laboratory[profile] = await bind(name, server, port, `the setting ${name}`);
  }
  core.outbound.listensAt(config.host, ports.https);

  const renewal = setInterval(() => renew(core), RENEWAL_CHECK_MS);
  renewal.unref();
  closers.push(() => clearInterval(renewal));
  spaces.default.clock.onChange(() => renew(core));
  // Calls to our own names need the listeners, so only now.
  for (const service of services) await service.start?.();
  await core.deliveries.start();
  for (const name of await core.store.spaces()) await core.rules.callbacks.load(spaces.get(name));
  const environment: Environment = { core, ports, services, admin, coverage, close };
  const calls = await runInitHooks(join(stubsFolder(config), 'init'), admin, config.adminToken);
  if (calls > 0) log.info({ calls }, 'the calls of init/ were made');
  state.ready = true;
  return environment;
}

function renew(core: Core): void {
  core.pki.renewIfDue().catch((error) => core.log.error({ err: error }, 'the certificates could not be renewed'));
}

/** The admin API can do everything, so beyond loopback it must ask for a token. */
function refuseOpenAdmin(config: Config): void {
  if (['127.0.0.1', '::1', 'localhost'].includes(config.adminHost) || config.adminToken) return;
  throw new ConfigError([
    { where: 'adminToken', message: `is required when the admin API is bound to ${config.adminHost}, beyond loopback` },
  ]);
}

function serviceTable(services: HttpService[], ports: Ports) {
  return services.map(({ name, title, hosts, paths }) => {
    const host = HOSTS.find((candidate) => hosts.includes(candidate.role))?.name ?? 'localhost';
    return { name, title, roles: hosts, url: `https://${host}:${ports.https}${paths[0]}` };
  });
}

/** What the start prints for a person: where everything is and what to do first. */
import { join, resolve } from 'node:path';
import { hostsLines } from './cli/verbs/hosts.ts';
import { HOSTS } from './config/hosts.ts';
import type { HttpService } from './core/http/service.ts';
import type { Environment, Ports } from './environment.ts';

/** Where the command line looks by itself. */
const USUAL_ADMIN_PORT = 8900;

/** What a person can open from this machine, also where the listener is bound to every address. */
const reachable = (address: string) => (address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address);

const withPort = (port: number, usual: number) => (port === usual ? '' : `:${port}`);

/** The first address of a service, by a name of DEV, and what else it answers at. */
function addressesOf({ hosts, paths }: HttpService, ports: Ports): string {
  const host = HOSTS.find(({ role }) => role === hosts[0])?.name ?? 'localhost';
  // Revocation lists are fetched in clear text: who checks a certificate can't check another one first.
  const origin =
    hosts[0] === 'crl' ? `http://${host}${withPort(ports.http, 80)}` : `https://${host}${withPort(ports.https, 443)}`;
  const [first, ...others] = paths;
  return [`${origin}${first}`, ...others].join('  ');
}

/** `milliseconds`: from the start of the process's work to ready. */
export function readyText(environment: Environment, milliseconds: number): string {
  const { core, ports, services } = environment;
  const { config } = core;
  const address = reachable(config.host);
  const admin = `http://${reachable(config.adminHost)}:${ports.admin}`;
  const rows = [
    ...services.map((service) => [service.title, addressesOf(service, ports)]),
    ['SDS directory', `ldaps://${address}:${ports.ldaps}  ldap://${address}:${ports.ldap}  (ou=services,o=nhs)`],
    ['HTTPS, all host names', `https://${address}:${ports.https}`],
    ['HTTP, revocation lists', `http://${address}:${ports.http}`],
    ['Console and admin API', `${admin}/  (OpenAPI: /openapi.json)`],
  ];
  const width = Math.max(...rows.map(([name]) => name!.length));
  const ca =
    config.store === 'file'
      ? join(resolve(config.dataDir), 'pki', 'ca-bundle.pem')
      : `in memory only: curl -o ca.pem ${admin}/ca.pem`;
  const elsewhere = ports.admin === USUAL_ADMIN_PORT ? '' : ` --admin ${admin}`;
  return [
    '',
    `Ready in ${(milliseconds / 1000).toFixed(2)} s. Not an NHS product; invented data only, never give it real patient data.`,
    '',
    ...rows.map(([name, where]) => `  ${name!.padEnd(width)}  ${where}`),
    '',
    `CA certificate to trust:  ${ca}`,
    `Client certificate:       npx spine-sim certs issue <your FQDN>${elsewhere}`,
    'Hosts file (also "npx spine-sim hosts"), or a DNS that says the same:',
    ...hostsLines('127.0.0.1').map((line) => `  ${line}`),
    '',
  ].join('\n');
}

/** What the start prints for a person: where everything is and what to do first. */
import { join, resolve } from 'node:path';
import { hostsLines } from './cli/verbs/hosts.ts';
import type { Environment } from './environment.ts';

/** `milliseconds`: from the start of the process's work to ready. */
export function readyText(environment: Environment, milliseconds: number): string {
  const { core, ports, services } = environment;
  const { config } = core;
  const rows = [
    ...services.map(({ title, hosts, paths }) => [title, `https  ${hosts.join(', ')}  ${paths.join(' ')}`]),
    [
      'SDS directory',
      `ldaps://${config.host}:${ports.ldaps}  ldap://${config.host}:${ports.ldap}  (ou=services,o=nhs)`,
    ],
    ['HTTPS, all host names', `https://${config.host}:${ports.https}`],
    ['HTTP, revocation lists', `http://${config.host}:${ports.http}`],
    ['Console and admin API', `http://${config.adminHost}:${ports.admin}/  (OpenAPI: /openapi.json)`],
  ];
  const width = Math.max(...rows.map(([name]) => name!.length));
  const ca =
    config.store === 'file'
      ? join(resolve(config.dataDir), 'pki', 'ca-bundle.pem')
      : 'in memory only: GET /ca.pem of the admin API';
  return [
    '',
    `Ready in ${(milliseconds / 1000).toFixed(2)} s. Not an NHS product; invented data only, never give it real patient data.`,
    '',
    ...rows.map(([name, where]) => `  ${name!.padEnd(width)}  ${where}`),
    '',
    `CA certificate to trust:  ${ca}`,
    `Client certificate:       spine-sim certs issue <your FQDN> --admin http://${config.adminHost}:${ports.admin}`,
    `Hosts file (also "spine-sim hosts"):`,
    ...hostsLines('127.0.0.1').map((line) => `  ${line}`),
    '',
  ].join('\n');
}

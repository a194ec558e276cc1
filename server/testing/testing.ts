/** The simulator for tests: `import { startSpine } from 'spine-cis-simulator/testing'`. */
import { pino } from 'pino';
import { complete } from '../config/load.ts';
import { startEnvironment } from '../environment.ts';
import { AdminCalls } from './adminCalls.ts';
import { Spine, type SpineAddress } from './spine.ts';

export type { DecodedExchange, Rule, RuleErrorResponse, RuleResponse } from '../rules.ts';
export { defineRules } from '../rules.ts';
export { AdminCallError } from './adminCalls.ts';
export { type ClientIdentity, Spine, type SpineAddress } from './spine.ts';
export { type Counts, type ExchangeSummary, type RuleBody, TestSpace, UnmetExpectations } from './testSpace.ts';

/** In-process simulators listen on free ports of loopback and forget everything at their end. */
const DEFAULTS = {
  httpsPort: 0,
  httpPort: 0,
  ldapsPort: 0,
  ldapPort: 0,
  adminPort: 0,
  store: 'memory',
  logLevel: 'silent',
};

/** Settings as in spine-sim.yaml. Throws ConfigError for one that is wrong. */
export async function startSpine(settings: Record<string, unknown> = {}): Promise<Spine> {
  const config = complete({ ...DEFAULTS, ...settings });
  const environment = await startEnvironment(config, pino({ level: config.logLevel }));
  const { https, ldaps, ldap, admin } = environment.ports;
  const address: SpineAddress = {
    adminUrl: `http://127.0.0.1:${admin}`,
    adminToken: config.adminToken,
    httpsPort: https,
    ldapsPort: ldaps,
    ldapPort: ldap,
  };
  const putCode = (space: string, rule: unknown) => environment.core.rules.putCode(space, rule);
  return new Spine(address, environment.core.pki.caBundlePem, () => environment.close(), putCode);
}

/** A simulator that runs already: a container, a shared one. Closing ends its spaces, not it. */
export async function connectSpine(address: SpineAddress): Promise<Spine> {
  const ca = await new AdminCalls(address.adminUrl, address.adminToken).call<string>('GET', '/ca.pem');
  return new Spine(address, ca, async () => {});
}

/** Every error that the services have a name for, and what rules are held against. */
import type { RuleChecks } from './core/rules/compile.ts';
import { errorCheck, type NamedError, serviceCheck } from './core/rules/namedErrors.ts';
import { NAMED_ERRORS as CARECONNECT } from './services/careconnect/namedErrors.ts';
import { NAMED_ERRORS as GAS } from './services/gas/namedErrors.ts';
import { NAMED_ERRORS as GPCONNECT } from './services/gpconnect/namedErrors.ts';
import { NAMED_ERRORS as MESH } from './services/mesh/namedErrors.ts';
import { NAMED_ERRORS as MESSAGING } from './services/messaging/namedErrors.ts';
import { NAMED_ERRORS as PDS } from './services/pds/namedErrors.ts';
import { NAMED_ERRORS as SDS_FHIR } from './services/sds/fhir/errors.ts';
import { NAMED_ERRORS as SDS } from './services/sds/namedErrors.ts';
import { NAMED_ERRORS as SMSP } from './services/smsp/namedErrors.ts';
import { NAMED_ERRORS as SSO } from './services/sso/namedErrors.ts';
import { NAMED_ERRORS as SSP } from './services/ssp/namedErrors.ts';

export const NAMED_ERRORS: readonly NamedError[] = [
  ...MESSAGING,
  ...PDS,
  ...SMSP,
  ...MESH,
  ...GAS,
  ...SSO,
  ...SSP,
  ...GPCONNECT,
  ...CARECONNECT,
  ...SDS,
  ...SDS_FHIR,
];

/** Services whose exchanges rules can match; `rules` are callbacks, `front-door` is what no service answers. */
export const SERVICE_NAMES: readonly string[] = [
  ...new Set(NAMED_ERRORS.map(({ service }) => service)),
  ...['crl', 'portal', 'gazetteer', 'rules', 'front-door'],
];

export const RULE_CHECKS: RuleChecks = { error: errorCheck(NAMED_ERRORS), service: serviceCheck(SERVICE_NAMES) };

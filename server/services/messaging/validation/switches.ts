/** The checks that can be switched one by one, by Spine's names for them. */
import { ConfigError } from '../../../config/load.ts';
import { nearest } from '../../../core/yaml/nearest.ts';
import { PAYLOAD_CHECKS } from '../ebxml/payload.ts';
import { RELIABILITY_CHECKS } from '../ebxml/reliability.ts';
import { HEADER_CHECKS } from '../ebxml/structure.ts';
import { FAULTS, REJECTS } from '../errors.ts';
import type { Strictness } from '../settings.ts';
import { CONSISTENCY_CHECKS, SOAP_HEADER_CHECKS } from './soapHeader.ts';
import { WRAPPER_CHECKS } from './wrapper.ts';

/** Without these there is nothing to route or to answer: well-formedness, route, contract. */
export const SWITCHABLE: readonly string[] = [
  ...new Set([
    ...[SOAP_HEADER_CHECKS, WRAPPER_CHECKS, CONSISTENCY_CHECKS, HEADER_CHECKS, RELIABILITY_CHECKS, PAYLOAD_CHECKS]
      .flat()
      .map(({ error }) => error.name),
    FAULTS.manifest.name,
    REJECTS.access.name,
    REJECTS.duplicate.name,
    REJECTS.certificate.name,
  ]),
];

/** Throws ConfigError for names of no check, with the nearest one. */
export function checkSwitches({ checks }: Strictness): void {
  const problems = Object.keys(checks)
    .filter((name) => !SWITCHABLE.includes(name))
    .map((name) => {
      const alike = nearest(name, SWITCHABLE);
      const hint = alike ? `; did you mean ${alike}?` : `; there are ${SWITCHABLE.join(', ')}`;
      return { where: `messaging.checks.${name}`, message: `is no check that can be switched${hint}` };
    });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Ping: the service is there. */

import { findHost } from '../../../config/hosts.ts';
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { json } from '../answers.ts';
import type { Call } from '../call.ts';

export function ping({ exchange }: Call): HttpAnswer {
  const environment = findHost(exchange.header('host'))?.host.environment;
  const env = environment === undefined || environment === 'any' ? 'local' : environment.toLowerCase();
  return json(200, { env, build_label: 'spine-cis-simulator', status: 'running', outcome: 'Yes' });
}

/** All verbs, in the order of the help. */
import type { Verb } from './verb.ts';
import { agent } from './verbs/agent.ts';
import { assure } from './verbs/assure.ts';
import { cards } from './verbs/cards.ts';
import { certs } from './verbs/certs.ts';
import { clock } from './verbs/clock.ts';
import { conformance } from './verbs/conformance.ts';
import { coverage } from './verbs/coverage.ts';
import { deliveries } from './verbs/deliveries.ts';
import { endpoints } from './verbs/endpoints.ts';
import { hosts } from './verbs/hosts.ts';
import { journal } from './verbs/journal.ts';
import { mesh } from './verbs/mesh.ts';
import { patients } from './verbs/patients.ts';
import { policy } from './verbs/policy.ts';
import { ready } from './verbs/ready.ts';
import { record } from './verbs/record.ts';
import { registry } from './verbs/registry.ts';
import { report } from './verbs/report.ts';
import { reset } from './verbs/reset.ts';
import { send } from './verbs/send.ts';
import { snapshot } from './verbs/snapshot.ts';
import { ssp } from './verbs/ssp.ts';
import { start } from './verbs/start.ts';
import { tls } from './verbs/tls.ts';
import { validate } from './verbs/validate.ts';
import { world } from './verbs/world.ts';

export const VERBS: readonly Verb[] = [
  start,
  ready,
  hosts,
  certs,
  registry,
  endpoints,
  cards,
  agent,
  validate,
  patients,
  mesh,
  world,
  journal,
  report,
  record,
  conformance,
  assure,
  deliveries,
  send,
  reset,
  snapshot,
  clock,
  policy,
  tls,
  ssp,
  coverage,
];

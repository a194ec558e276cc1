/** Everything that is measured against a bare Fastify server, in the order of the table. */
import type { Scenario } from '../lib/scenario.ts';
import { FRAME } from './frame.ts';
import { LOGIN, ROLE_ASSERTION } from './logins.ts';
import { DOWNLOAD, LIST, SEND } from './mesh.ts';
import { RELIABLE } from './reliable.ts';
import { RETRIEVAL, RETRIEVAL_NEW_CONNECTIONS } from './retrieval.ts';
import { DETAILS } from './smsp.ts';
import { TRACE } from './trace.ts';

export const SCENARIOS: Record<string, Scenario> = {
  frame: FRAME,
  retrieval: RETRIEVAL,
  trace: TRACE,
  'retrieval-new-connections': RETRIEVAL_NEW_CONNECTIONS,
  smsp: DETAILS,
  reliable: RELIABLE as Scenario,
  'mesh-send': SEND,
  'mesh-list': LIST as Scenario,
  'mesh-download': DOWNLOAD as Scenario,
  login: LOGIN as Scenario,
  'role-assertion': ROLE_ASSERTION as Scenario,
};

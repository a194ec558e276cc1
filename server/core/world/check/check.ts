/** Which rules apply to which kind. */
import type { WorldKind, WorldKinds } from '../types.ts';
import { checkMailbox, checkSharing, checkWorkflow } from './exchange.ts';
import type { CheckContext, Finding, Rule } from './finding.ts';
import { checkHandler } from './handlers.ts';
import { checkOrganisation } from './organisations.ts';
import { checkPatient } from './patient.ts';
import { checkCard, checkPerson, checkWorkgroup, checkWorkgroupType } from './people.ts';
import { checkSystem } from './systems.ts';

const RULES: { [K in WorldKind]: Rule<WorldKinds[K]> } = {
  organisations: checkOrganisation,
  people: checkPerson,
  cards: checkCard,
  workgroups: checkWorkgroup,
  workgroupTypes: checkWorkgroupType,
  baselines: () => [],
  systems: checkSystem,
  handlers: checkHandler,
  mailboxes: checkMailbox,
  workflows: checkWorkflow,
  sharing: checkSharing,
  addresses: () => [],
  patients: checkPatient,
};

/** Every breach of a rule by this record, as if it were put into that world now. */
export function checkRecord<K extends WorldKind>(kind: K, value: WorldKinds[K], context: CheckContext): Finding[] {
  return [...RULES[kind](value, context)];
}

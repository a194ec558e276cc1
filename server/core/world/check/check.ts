/** Which rules apply to which kind. */
import type { WorldKind, WorldKinds } from '../types.ts';
import { checkMailbox, checkSharing, checkWorkflow } from './exchange.ts';
import { type CheckContext, error, type Finding, type Rule } from './finding.ts';
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

/**
 * Most characters of a record as JSON. The largest real one, Spine's own system, has 20,000; an entry of the directory that is made
 * of one has room for eight times as many octets.
 */
const MOST_CHARACTERS = 1 << 19;

/** What is said of a record that is too large for any kind. */
export function tooLarge(value: unknown): string | undefined {
  const { length } = JSON.stringify(value);
  return length > MOST_CHARACTERS
    ? `the record has ${length} characters as JSON; ${MOST_CHARACTERS} are the most`
    : undefined;
}

/** Every breach of a rule by this record, as if it were put into that world now. */
export function checkRecord<K extends WorldKind>(kind: K, value: WorldKinds[K], context: CheckContext): Finding[] {
  const fault = tooLarge(value);
  return fault === undefined ? [...RULES[kind](value, context)] : [error([], fault)];
}

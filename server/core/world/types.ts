/**
 * The nouns of the seeded world. Every service reads these; none keeps a copy of its own.
 * Dates are ISO texts (`2024-01-31`, or shorter where the record itself is partial), times of day are simulated time.
 */
import type { Organisation, PostalAddress } from './types/organisations.ts';
import type { Patient } from './types/patients.ts';
import type { Baseline, Card, Person, Workgroup, WorkgroupType } from './types/people.ts';
import type { AccreditedSystem, Mailbox, MessageHandler, SharingPair, Workflow } from './types/systems.ts';

export type * from './types/organisations.ts';
export type * from './types/patients.ts';
export type * from './types/people.ts';
export type * from './types/systems.ts';

/** The kinds that a world holds, by the name used in YAML files, the store and the admin API. */
export interface WorldKinds {
  organisations: Organisation;
  people: Person;
  cards: Card;
  workgroups: Workgroup;
  workgroupTypes: WorkgroupType;
  baselines: Baseline;
  systems: AccreditedSystem;
  handlers: MessageHandler;
  mailboxes: Mailbox;
  workflows: Workflow;
  sharing: SharingPair;
  addresses: PostalAddress;
  patients: Patient;
}

export type WorldKind = keyof WorldKinds;

/** All tables of one space over the shared base. Patients have their own, asynchronous door: `patients.ts`. */
import { type BaseTable, Table } from '../table.ts';
import type {
  Baseline,
  Organisation,
  PostalAddress,
  Workflow,
  WorkgroupType,
  WorldKind,
  WorldKinds,
} from '../types.ts';
import { Cards, Mailboxes, Sharing, Workgroups } from './others.ts';
import { People } from './people.ts';
import { Handlers, Systems } from './systems.ts';

/** Kinds that are read synchronously, from memory. */
export type TableKind = Exclude<WorldKind, 'patients'>;

export type BaseTables = { [K in TableKind]: BaseTable<WorldKinds[K]> };

export interface Tables {
  organisations: Table<Organisation>;
  people: People;
  cards: Cards;
  workgroups: Workgroups;
  workgroupTypes: Table<WorkgroupType>;
  baselines: Table<Baseline>;
  systems: Systems;
  handlers: Handlers;
  mailboxes: Mailboxes;
  workflows: Table<Workflow>;
  sharing: Sharing;
  addresses: Table<PostalAddress>;
}

export function createTables(base: BaseTables): Tables {
  return {
    organisations: new Table(base.organisations),
    people: new People(base.people),
    cards: new Cards(base.cards),
    workgroups: new Workgroups(base.workgroups),
    workgroupTypes: new Table(base.workgroupTypes),
    baselines: new Table(base.baselines),
    systems: new Systems(base.systems),
    handlers: new Handlers(base.handlers),
    mailboxes: new Mailboxes(base.mailboxes),
    workflows: new Table(base.workflows),
    sharing: new Sharing(base.sharing),
    addresses: new Table(base.addresses),
  };
}

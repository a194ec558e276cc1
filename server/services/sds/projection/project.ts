/** The directory of a world: made from it, and kept in step with it. */
import type { AccreditedSystem, MessageHandler, Organisation, Person, Workgroup } from '../../../core/world/types.ts';
import { Directory } from '../directory/directory.ts';
import type { Entry } from '../directory/entry.ts';
import { normalizeDn } from '../schema/dn.ts';
import { ChangeLog } from './changeLog.ts';
import { containers } from './containers.ts';
import { organisationDn, personDn, SUFFIX, serviceDn, WORKGROUPS_ALIAS, workgroupDn } from './names.ts';
import { organisationEntry, workgroupEntry } from './organisations.ts';
import { personEntries } from './people.ts';
import { handlerEntry, systemEntry } from './services.ts';
import type { WorldChangeNote, WorldSource } from './source.ts';

/** Builds the directory of a world. `at` is the time of its making in milliseconds, for the timestamps of entries. */
export function projectWorld(world: WorldSource, at: number): Directory {
  const directory = new Directory();
  directory.addAlias(...WORKGROUPS_ALIAS);
  for (const entry of containers()) directory.put(entry, at, entry.dn === SUFFIX);
  for (const organisation of world.organisations.values()) directory.put(organisationEntry(organisation), at);
  for (const workgroup of world.workgroups.values()) directory.put(workgroupEntry(workgroup), at);
  for (const system of world.systems.values()) if (!system.unlisted) directory.put(systemEntry(system), at);
  for (const handler of world.handlers.values()) directory.put(handlerEntry(handler), at);
  for (const person of world.people.values()) {
    for (const entry of personEntries(person, world)) directory.put(entry, at);
  }
  return directory;
}

/** Kinds of records that have entries. */
export const SHOWN_KINDS = ['organisations', 'workgroups', 'systems', 'handlers', 'people'] as const;

/** Brings the changes of a world into its directory. */
export class Follower {
  #world: WorldSource;
  #directory: Directory;
  #now: () => number;
  #changeLog: ChangeLog;

  constructor(world: WorldSource, directory: Directory, now: () => number) {
    this.#world = world;
    this.#directory = directory;
    this.#now = now;
    this.#changeLog = new ChangeLog(directory);
  }

  follow({ kind, id, value }: WorldChangeNote): void {
    const removed = value === undefined;
    if (kind === 'systems') {
      const system = value as AccreditedSystem;
      this.#service(serviceDn(id), removed || system.unlisted ? undefined : systemEntry(system));
    } else if (kind === 'handlers') {
      this.#service(serviceDn(id), removed ? undefined : handlerEntry(value as MessageHandler));
    } else if (kind === 'organisations') {
      this.#set(organisationDn(id), removed ? [] : [organisationEntry(value as Organisation)]);
      this.#people(({ employments }) => employments.some(({ ods }) => ods === id));
    } else if (kind === 'workgroups') {
      this.#set(workgroupDn(id), removed ? [] : [workgroupEntry(value as Workgroup)]);
      this.#people(({ employments }) =>
        employments.some(({ roles }) => roles.some((role) => role.workgroups?.includes(id))),
      );
    } else if (kind === 'people') {
      this.#set(personDn(id), removed ? [] : personEntries(value as Person, this.#world));
    }
  }

  #service(dn: string, entry: Entry | undefined): void {
    const id = this.#directory.find(normalizeDn(dn)!);
    const before = id === undefined ? undefined : this.#directory.read(id);
    this.#set(dn, entry ? [entry] : []);
    this.#changeLog.record(dn, before, entry, this.#now());
  }

  /** Entries that show something of another record: the name of an employer, of a workgroup. */
  #people(concerned: (person: Person) => boolean): void {
    for (const person of this.#world.people.values()) {
      if (concerned(person)) this.#set(personDn(person.uid), personEntries(person, this.#world));
    }
  }

  /** Lets the entry of that name and those below it be these, and no others. */
  #set(dn: string, entries: Entry[]): void {
    const root = normalizeDn(dn)!;
    if (entries.length === 0) {
      this.#directory.remove(root);
      return;
    }
    const wanted = new Set(entries.map((entry) => normalizeDn(entry.dn)!));
    for (const name of this.#namesBelow(root)) if (!wanted.has(name)) this.#directory.remove(name);
    const at = this.#now();
    for (const entry of entries) this.#directory.put(entry, at);
  }

  #namesBelow(root: string): string[] {
    const names: string[] = [];
    const id = this.#directory.find(root);
    const pending = id === undefined ? [] : [...this.#directory.children(id)];
    for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
      names.push(normalizeDn(this.#directory.table.dn(child))!);
      pending.push(...this.#directory.children(child));
    }
    return names;
  }
}

/** The directory of a world: made from it, and kept in step with it. */
import type {
  AccreditedSystem,
  Baseline,
  MessageHandler,
  Organisation,
  Person,
  Workgroup,
  WorkgroupType,
} from '../../../core/world/types.ts';
import { Directory } from '../directory/directory.ts';
import { type Entry, valuesOf } from '../directory/entry.ts';
import { normalizeDn, parseDn } from '../schema/dn.ts';
import { attribute } from '../schema/schema.ts';
import { ChangeLog } from './changeLog.ts';
import { containers } from './containers.ts';
import {
  BASELINES,
  ORGANISATIONS,
  organisationDn,
  personDn,
  referenceDn,
  SUFFIX,
  serviceDn,
  WORKGROUP_TYPES,
  WORKGROUPS_ALIAS,
  workgroupDn,
} from './names.ts';
import { organisationEntries, organisationPlace } from './organisations.ts';
import { personEntries } from './people.ts';
import { baselineEntry, baselineListEntries, categoryEntries, organisationTypeEntries, rbacEntries } from './rbac.ts';
import { handlerEntry, systemEntry } from './services.ts';
import type { WorldChangeNote, WorldSource } from './source.ts';
import { workgroupEntry, workgroupTypeEntry } from './workgroups.ts';

/**
 * Builds the directory of a world, above the entries of another one where there is one. `at` is the time of its making in
 * milliseconds, for the timestamps of entries.
 */
export function projectWorld(world: WorldSource, at: number, beneath?: Directory): Directory {
  const directory = beneath?.clone() ?? new Directory();
  directory.addAlias(...WORKGROUPS_ALIAS);
  for (const entry of containers()) directory.put(entry, at, entry.dn === SUFFIX);
  for (const organisation of world.organisations.values()) {
    if (isPart(organisation, world)) continue;
    for (const entry of organisationEntries(organisation, world.organisations)) directory.put(entry, at);
  }
  for (const workgroup of world.workgroups.values()) directory.put(workgroupEntry(workgroup, world.workgroups), at);
  for (const type of world.workgroupTypes.values()) directory.put(workgroupTypeEntry(type), at);
  for (const baseline of world.baselines.values()) directory.put(baselineEntry(baseline), at);
  for (const system of world.systems.values()) if (!system.unlisted) directory.put(systemEntry(system), at);
  for (const handler of world.handlers.values()) directory.put(handlerEntry(handler), at);
  for (const person of world.people.values()) {
    for (const entry of personEntries(person, world)) directory.put(entry, at);
  }
  for (const entry of referenceEntries(world)) putMissing(directory, entry, at);
  return directory;
}

/** What the records of a world name. */
function* referenceEntries(world: WorldSource): Generator<Entry> {
  for (const organisation of world.organisations.values()) yield* organisationTypeEntries(organisation);
  for (const system of world.systems.values()) yield* categoryEntries(system);
  for (const person of world.people.values()) yield* rbacEntries(person);
  for (const baseline of world.baselines.values()) yield* baselineListEntries(baseline);
}

/** Lists only grow: what no record uses any more stays in them. */
function putMissing(directory: Directory, entry: Entry, at: number): void {
  if (directory.find(normalizeDn(entry.dn)!) === undefined) directory.put(entry, at);
}

const UNIQUE_IDENTIFIER = attribute('uniqueIdentifier');

/** It is shown with the organisation that it is a part of. */
const isPart = (organisation: Organisation, { organisations }: WorldSource): boolean =>
  organisationPlace(organisation, organisations) !== organisationDn(organisation.ods);

/** Kinds of records that have entries. */
export const SHOWN_KINDS = [
  'organisations',
  'workgroups',
  'workgroupTypes',
  'baselines',
  'systems',
  'handlers',
  'people',
] as const;

/** Brings the changes of a world into its directory. */
export class Follower {
  #world: WorldSource;
  #directory: Directory;
  #now: () => number;
  #changeLog: ChangeLog;
  #beneath: Directory | undefined;

  /** Entries `beneath` show again where the record above them goes. */
  constructor(world: WorldSource, directory: Directory, now: () => number, beneath?: Directory) {
    this.#world = world;
    this.#directory = directory;
    this.#now = now;
    this.#beneath = beneath;
    this.#changeLog = new ChangeLog(directory);
  }

  follow({ kind, id, value }: WorldChangeNote): void {
    const removed = value === undefined;
    if (kind === 'systems') {
      const system = value as AccreditedSystem;
      this.#service(serviceDn(id), removed || system.unlisted ? undefined : systemEntry(system));
      if (!removed) this.#list(categoryEntries(system));
    } else if (kind === 'handlers') {
      this.#service(serviceDn(id), removed ? undefined : handlerEntry(value as MessageHandler));
    } else if (kind === 'organisations') {
      this.#organisation(id, value as Organisation | undefined);
      if (!removed) this.#list(organisationTypeEntries(value as Organisation));
      this.#people(({ employments }) => employments.some(({ ods }) => ods === id));
    } else if (kind === 'workgroups') {
      this.#workgroup(id, value as Workgroup | undefined);
      this.#people(({ employments }) =>
        employments.some(({ roles }) => roles.some((role) => role.workgroups?.includes(id))),
      );
    } else if (kind === 'workgroupTypes') {
      this.#workgroupType(id, value as WorkgroupType | undefined);
    } else if (kind === 'baselines') {
      this.#set(referenceDn(id, BASELINES), removed ? [] : [baselineEntry(value as Baseline)]);
      if (!removed) this.#list(baselineListEntries(value as Baseline));
    } else if (kind === 'people') {
      this.#set(personDn(id), removed ? [] : personEntries(value as Person, this.#world));
      if (!removed) this.#list(rbacEntries(value as Person));
    }
  }

  #list(entries: Iterable<Entry>): void {
    for (const entry of entries) putMissing(this.#directory, entry, this.#now());
  }

  /** A workgroup, and those above it before and now: they name those below. */
  #workgroup(id: string, workgroup: Workgroup | undefined): void {
    const { workgroups } = this.#world;
    const dn = workgroupDn(id);
    const place = this.#directory.find(normalizeDn(dn)!);
    const before = place === undefined ? undefined : this.#directory.read(place);
    const entry = workgroup && workgroupEntry(workgroup, workgroups);
    this.#set(dn, entry ? [entry] : []);
    const shown = [before, entry].filter((one) => one !== undefined);
    const above = new Set(shown.flatMap((one) => [...valuesOf(one, 'nhsPwgId'), ...valuesOf(one, 'nhsXPwgId')]));
    for (const other of above) {
      const parent = workgroups.get(other);
      if (parent) this.#set(workgroupDn(other), [workgroupEntry(parent, workgroups)]);
    }
  }

  /** Named by its name, which may have been another before. */
  #workgroupType(id: string, type: WorkgroupType | undefined): void {
    const container = this.#directory.find(normalizeDn(WORKGROUP_TYPES)!)!;
    const entries = [...this.#directory.children(container)].map((row) => this.#directory.read(row));
    for (const entry of entries) if (valuesOf(entry, 'nhsWgType').includes(id)) this.#set(entry.dn, []);
    if (type) this.#set(workgroupTypeEntry(type).dn, [workgroupTypeEntry(type)]);
  }

  #service(dn: string, entry: Entry | undefined): void {
    const id = this.#directory.find(normalizeDn(dn)!);
    const before = id === undefined ? undefined : this.#directory.read(id);
    this.#set(dn, entry ? [entry] : []);
    this.#changeLog.record(dn, before, entry, this.#now());
  }

  /** An organisation with its parts; what it was a part of, and whether, may have changed. */
  #organisation(id: string, organisation: Organisation | undefined): void {
    const { organisations } = this.#world;
    const place = organisation && organisationPlace(organisation, organisations);
    for (const dn of this.#placesOf(id)) if (!place || normalizeDn(dn) !== normalizeDn(place)) this.#set(dn, []);
    const wholes = organisation
      ? [organisation]
      : [...organisations.values()].filter(({ part, parent }) => part !== undefined && parent === id);
    for (const whole of wholes) {
      const entries = [...organisationEntries(whole, organisations)];
      for (const { dn } of entries.slice(1)) this.#removeElsewhere(dn);
      this.#set(entries[0]!.dn, entries);
    }
  }

  #placesOf(ods: string): string[] {
    const ids = this.#directory.index.find(UNIQUE_IDENTIFIER, UNIQUE_IDENTIFIER.compare.normalize(ods) ?? ods);
    return ids.map((id) => this.#directory.table.dn(id)).filter((dn) => dn.endsWith(`,${ORGANISATIONS}`));
  }

  /** A part whose whole came after it stood by itself until now. */
  #removeElsewhere(dn: string): void {
    const ods = parseDn(dn)![0]![0]!.value;
    for (const other of this.#placesOf(ods)) if (other !== dn) this.#set(other, []);
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
      this.#remove(root);
      return;
    }
    const wanted = new Set(entries.map((entry) => normalizeDn(entry.dn)!));
    for (const name of this.#namesBelow(root)) if (!wanted.has(name)) this.#remove(name);
    const at = this.#now();
    for (const entry of entries) this.#directory.put(entry, at);
  }

  #remove(name: string): void {
    this.#directory.remove(name);
    const beneath = this.#beneath;
    const pending = [beneath?.find(name)];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      this.#directory.put(beneath!.read(id), beneath!.table.createdAt[id]!);
      for (const child of beneath!.children(id)) pending.push(child);
    }
  }

  #namesBelow(root: string): string[] {
    const names: string[] = [];
    const id = this.#directory.find(root);
    const pending = id === undefined ? [] : [...this.#directory.children(id)];
    for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
      names.push(normalizeDn(this.#directory.table.dn(child))!);
      for (const next of this.#directory.children(child)) pending.push(next);
    }
    return names;
  }
}

/**
 * A supplier's own dump of directory entries becomes records of a space's world, so that every service has them at once. What
 * real exports lack or overdo is mended and told; what can't be kept is refused record by record, and the rest is taken.
 */
import { WorldError, type WorldProblem } from '../../../core/world/errors.ts';
import { fullInteraction } from '../../../core/world/formats.ts';
import { type Entry, valuesOf } from '../directory/entry.ts';
import { isOfRecord, type Reversed, reverseEntry, type WritableKind } from '../projection/reverse.ts';
import type { WorldSource } from '../projection/source.ts';
import { normalizeDn } from '../schema/dn.ts';
import { attribute } from '../schema/schema.ts';
import { toEntry } from './load.ts';
import { LdifParser } from './parser.ts';
import { isPerson } from './people.ts';
import type { LdifWarning } from './record.ts';

/** A file with one mistake in each record would otherwise fill the memory and the answer. */
const MAX_TOLD = 1000;

/** Each try leaves out one more part of a record that the world does not take. */
const MAX_TRIES = 12;

/** Records that are written at a time, so that a slow disk does not add up. */
const BATCH = 500;

/** Others refer to them in this order. */
const ORDER: readonly WritableKind[] = [
  'organisations',
  'workgroupTypes',
  'workgroups',
  'baselines',
  'systems',
  'handlers',
];

export interface LdifRefusal {
  line: number;
  dn: string;
  message: string;
}

export interface LdifImport {
  /** Records put, by kind. */
  organisations: number;
  workgroups: number;
  workgroupTypes: number;
  baselines: number;
  systems: number;
  handlers: number;
  /** Entries that are no records: containers, the change log, people. */
  passedOver: number;
  /** At most a thousand. */
  refused: LdifRefusal[];
  /** At most a thousand. */
  warnings: LdifWarning[];
}

interface Waiting {
  line: number;
  reversed: Reversed;
}

/** Reads LDIF text and puts what it holds. */
export async function importLdif(world: WorldSource, text: string): Promise<LdifImport> {
  const done: LdifImport = {
    organisations: 0,
    workgroups: 0,
    workgroupTypes: 0,
    baselines: 0,
    systems: 0,
    handlers: 0,
    passedOver: 0,
    refused: [],
    warnings: [],
  };
  const waiting = read(text, world, done);
  for (const kind of ORDER) {
    const records = waiting.filter(({ reversed }) => reversed.kind === kind);
    for (let at = 0; at < records.length; at += BATCH) {
      await Promise.all(records.slice(at, at + BATCH).map((record) => put(record, world, done)));
    }
  }
  return done;
}

function read(text: string, world: WorldSource, done: LdifImport): Waiting[] {
  const waiting: Waiting[] = [];
  const warn = (warning: LdifWarning) => {
    if (done.warnings.length < MAX_TOLD) done.warnings.push(warning);
  };
  const refuse = (line: number, dn: string, message: string) => {
    if (done.refused.length < MAX_TOLD) done.refused.push({ line, dn, message });
  };
  const seen = new Set<string>();
  let persons = 0;
  const parser = new LdifParser((record) => {
    if (isPerson(record.dn)) {
      persons++;
      done.passedOver++;
      return;
    }
    const entry = completed(toEntry(record, warn));
    const reversed = reverseEntry(entry, world);
    if (normalizeDn(record.dn) === undefined) return refuse(record.line, record.dn, 'is no DN');
    if (!reversed) {
      if (isOfRecord(entry)) return refuse(record.line, record.dn, 'has no uniqueIdentifier');
      done.passedOver++;
      return;
    }
    const key = `${reversed.kind} ${reversed.id}`;
    if (seen.has(key))
      warn({ line: record.line, message: `${record.dn}: stands here again, and counts as it does here` });
    seen.add(key);
    for (const lost of lostValues(entry, reversed.shown)) {
      warn({ line: record.line, message: `${record.dn}: ${lost} is left out` });
    }
    waiting.push({ line: record.line, reversed });
  }, warn);
  const replaced = text.indexOf('\ufffd');
  if (replaced >= 0) {
    const line = text.slice(0, replaced).split('\n').length;
    warn({ line, message: 'octets that are no UTF-8 were replaced: save the file as UTF-8' });
  }
  // Old exports end lines with a carriage return alone.
  parser.push(text.includes('\n') ? text : text.replaceAll('\r', '\n'));
  parser.end();
  if (persons > 0) {
    const entries = persons === 1 ? 'entry' : 'entries';
    warn({ line: 1, message: `${persons} ${entries} of people left out: users here are invented` });
  }
  return waiting;
}

/** The attributes that old exports lack, from those that say the same. */
function completed(entry: Entry): Entry {
  const one = (name: string) => valuesOf(entry, name)[0];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined && value !== '' && one(name) === undefined) {
      entry.attributes.push([attribute(name), [value]]);
    }
  };
  const classes = valuesOf(entry, 'objectClass').map((name) => name.toLowerCase());
  if (classes.includes('nhsmhs')) {
    const svcIa = one('nhsMhsSvcIA');
    const at = svcIa === undefined ? -1 : serviceEnd(fullInteraction(svcIa));
    if (svcIa !== undefined && at > 0) {
      add('nhsMHsSN', fullInteraction(svcIa).slice(0, at));
      add('nhsMHsIN', fullInteraction(svcIa).slice(at + 1));
    }
    add('nhsMhsFQDN', URL.parse(one('nhsMHSEndPoint') ?? '')?.hostname);
  }
  // Its class says what it is.
  if (classes.includes('nhsgppractice')) {
    add('nhsOrgTypeCode', 'PR');
    add('nhsOrgType', 'GP Practice');
  }
  const name = entry.attributes.find(([type]) => type.name === 'o' || type.name === 'ou');
  // Login roles are split at commas and shown in capitals.
  if (name && classes.some((one) => /^nhs(org|gppractice|site|dept)$/.test(one))) {
    name[1] = name[1].map((value) => value.toUpperCase().replaceAll(/\s*,\s*/g, ' '));
  }
  return entry;
}

/** FHIR interactions have colons too: a service name has five parts, those of ebXML itself more. */
function serviceEnd(svcIa: string): number {
  const parts = /^urn:nhs:names:services:[^:]+(?=:)/.exec(svcIa);
  return parts ? parts[0].length : svcIa.lastIndexOf(':');
}

/** What of an entry its record does not keep; class names are the projection's own. */
function* lostValues(entry: Entry, shown: Entry): Generator<string> {
  for (const [type, values] of entry.attributes) {
    if (type.name === 'objectClass') continue;
    const kept = shown.attributes.find(([other]) => other === type)?.[1] ?? [];
    const lost = values.filter((value) => !kept.includes(value.trim()) && !kept.includes(value));
    if (lost.length > 0) yield `${type.name} ${lost.slice(0, 3).join(', ')}`;
  }
}

async function put({ line, reversed }: Waiting, world: WorldSource, done: LdifImport): Promise<void> {
  const { kind, id, record } = reversed;
  const warn = (problem: WorldProblem) => {
    if (done.warnings.length < MAX_TOLD) done.warnings.push({ line, message: `${id}: ${said(problem)}` });
  };
  for (let tries = 0; ; tries++) {
    try {
      await world.put(kind, record, { imported: true });
      done[kind]++;
      return;
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
      const problems = error.problems.filter(({ severity }) => severity === 'error');
      const out = problems.filter(({ path }) => leaveOut(record, path));
      for (const problem of out) warn({ ...problem, message: `is left out: ${problem.message}` });
      if (out.length > 0 && tries < MAX_TRIES) continue;
      if (done.refused.length < MAX_TOLD) {
        const message = problems.map(said).join('; ');
        done.refused.push({ line, dn: reversed.shown.dn, message });
      }
      return;
    }
  }
}

const said = ({ path, message }: WorldProblem) => (path === '' ? message : `${path}: ${message}`);

/** Parts without which a record is none; all else may be missing. */
const NEEDED = new Set(
  'asid ods partyKey cpaId service interaction endpoint fqdn contract id name typeCode type address'.split(' '),
);

/** Takes the part of that path, `product.key` or `interactions[3]`, out of the record. False for what must be there. */
function leaveOut(record: unknown, path: string): boolean {
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  const last = parts.pop();
  if (last === undefined || (parts.length === 0 && NEEDED.has(last))) return false;
  let holder: unknown = record;
  for (const part of parts) holder = (holder as Record<string, unknown> | undefined)?.[part];
  if (typeof holder !== 'object' || holder === null) return false;
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (Object.hasOwn(holder, last)) delete (holder as Record<string, unknown>)[last];
  else return dropHolder(record, parts);
  return true;
}

/** A part that lacks what it must have, such as a product without a version, goes as a whole. */
function dropHolder(record: unknown, parts: string[]): boolean {
  const [first] = parts;
  if (parts.length !== 1 || NEEDED.has(first!)) return false;
  delete (record as Record<string, unknown>)[first!];
  return true;
}

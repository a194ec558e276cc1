/**
 * Add, modify, delete and rename (RFC 4511 4.6 to 4.9). Entries are views of the world's records, so a change is made there
 * and seen by all services at once; what the world can't keep is refused.
 */
import { WorldError } from '../../../core/world/errors.ts';
import { type Entry, valuesOf } from '../directory/entry.ts';
import { type Reversed, reverseEntry } from '../projection/reverse.ts';
import type { WorldSource } from '../projection/source.ts';
import type { RequestOf } from '../protocol/message.ts';
import { ResultError } from '../protocol/result.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { schemaBreach } from '../schema/check.ts';
import { normalizeDn, normalizeRdns, parentDn, parseDn, type Rdn } from '../schema/dn.ts';
import { structuralClass } from '../schema/schema.ts';
import type { SpaceDirectory } from '../spaceDirectory.ts';
import { addedEntry, modifiedEntry, renamedEntry } from './modifications.ts';
import { type Call, type Outcome, outcome, SUCCESS } from './operation.ts';

export type WriteRequest = RequestOf<'add'> | RequestOf<'modify'> | RequestOf<'delete'> | RequestOf<'modifyDn'>;

/** Why the client may not change anything; undefined where it may. */
function refusal({ session, directory }: Call<WriteRequest>): Outcome | undefined {
  if (session.dn === '') return outcome(ResultCode.strongerAuthRequired, 'modifications require authentication');
  if (!session.administrator) return outcome(ResultCode.insufficientAccessRights, 'no write access');
  if (!directory.settings.writes) return outcome(ResultCode.unwillingToPerform, 'changes over LDAP are not enabled');
  return undefined;
}

export function write(call: Call<WriteRequest>): Outcome | Promise<Outcome> {
  return refusal(call) ?? perform(call);
}

async function perform({ request, directory }: Call<WriteRequest>): Promise<Outcome> {
  try {
    const name = nameOf(request.dn);
    if (request.kind === 'add') await add(request, name, directory);
    else if (request.kind === 'modify') await modify(request, name, directory);
    else if (request.kind === 'delete') await remove(name, directory);
    else await rename(request, name, directory);
    return SUCCESS;
  } catch (error) {
    if (error instanceof ResultError) return { result: error.result };
    if (error instanceof WorldError) return outcome(ResultCode.constraintViolation, error.message);
    throw error;
  }
}

interface Name {
  rdns: Rdn[];
  normalized: string;
}

function nameOf(dn: string): Name {
  const rdns = parseDn(dn);
  const normalized = rdns && normalizeRdns(rdns);
  if (!normalized) throw new ResultError(ResultCode.invalidDNSyntax, 'invalid DN');
  return { rdns: rdns!, normalized };
}

async function add({ dn, attributes }: RequestOf<'add'>, name: Name, directory: SpaceDirectory): Promise<void> {
  const { entries } = directory;
  if (entries.find(name.normalized) !== undefined) throw new ResultError(ResultCode.entryAlreadyExists, '');
  if (entries.find(parentDn(name.normalized)!) === undefined) {
    throw new ResultError(ResultCode.noSuchObject, 'parent does not exist', entries.deepestAncestor(name.normalized));
  }
  await put(addedEntry(dn, name.rdns[0]!, attributes), name, directory);
}

async function modify({ changes }: RequestOf<'modify'>, name: Name, directory: SpaceDirectory): Promise<void> {
  const id = existing(name, directory);
  const before = directory.entries.read(id);
  const entry = modifiedEntry(before, name.rdns[0]!, changes);
  // RFC 4512 2.4.2: the structural class of an entry does not change.
  const structural = structuralOf(entry);
  if (structural && structural !== structuralOf(before)) {
    throw new ResultError(ResultCode.objectClassModsProhibited, 'the structural object class cannot be changed');
  }
  await put(entry, name, directory);
}

const structuralOf = (entry: Entry) => structuralClass(valuesOf(entry, 'objectClass'));

function existing({ normalized }: Name, { entries }: SpaceDirectory): number {
  const id = entries.find(normalized);
  if (id === undefined) throw new ResultError(ResultCode.noSuchObject, '', entries.deepestAncestor(normalized));
  return id;
}

async function put(entry: Entry, name: Name, { world }: SpaceDirectory): Promise<void> {
  const { kind, record } = recordOf(entry, name, world);
  await world!.put(kind, record);
}

/** What the world would keep of an entry under that name. Throws a ResultError where that is not all of it. */
function recordOf(entry: Entry, { normalized }: Name, world: WorldSource | undefined): Reversed {
  const breach = schemaBreach(entry);
  if (breach) throw new ResultError(breach.code, breach.message);
  const reversed = world && reverseEntry(entry, world);
  if (!reversed || normalizeRdns(parseDn(reversed.shown.dn)!) !== normalized) {
    throw new ResultError(ResultCode.unwillingToPerform, 'entries of this kind or place cannot be changed over LDAP');
  }
  for (const [type, values] of entry.attributes) {
    const kept = new Set(reversed.shown.attributes.find(([other]) => other === type)?.[1]);
    if (type.name === 'objectClass' || values.every((value) => kept.has(value))) continue;
    throw new ResultError(ResultCode.unwillingToPerform, `${type.name}: this value has no place in the world's record`);
  }
  return reversed;
}

/** The key of a record changes: it goes under the old one and comes under the new one, with nothing in between to be seen. */
async function rename(request: RequestOf<'modifyDn'>, name: Name, directory: SpaceDirectory): Promise<void> {
  const { entries, world } = directory;
  const id = existing(name, directory);
  const { newRdn, deleteOldRdn, newSuperior } = request;
  const rdns = parseDn(newRdn);
  if (rdns?.length !== 1) throw new ResultError(ResultCode.invalidDNSyntax, 'the new name is no RDN');
  if (newSuperior !== undefined && normalizeDn(newSuperior) !== parentDn(name.normalized)) {
    throw new ResultError(
      ResultCode.unwillingToPerform,
      'entries are not moved: their place follows from what they are',
    );
  }
  if (entries.children(id).length > 0)
    throw new ResultError(ResultCode.notAllowedOnNonLeaf, 'subordinate entries must be deleted first');
  const before = entries.read(id);
  const parent = parentDn(before.dn)!;
  const renamed = nameOf(`${newRdn},${parent}`);
  if (renamed.normalized === name.normalized) return;
  if (entries.find(renamed.normalized) !== undefined) throw new ResultError(ResultCode.entryAlreadyExists, '');
  const entry = renamedEntry(before, `${newRdn},${parent}`, name.rdns[0]!, renamed.rdns[0]!, deleteOldRdn);
  const old = world && reverseEntry(before, world);
  if (old) refuseRecordless(old, world);
  const next = recordOf(entry, renamed, world);
  await world!.putAll([
    { kind: old!.kind, id: old!.id },
    { kind: next.kind, value: next.record },
  ]);
}

async function remove(name: Name, directory: SpaceDirectory): Promise<void> {
  const { entries, world } = directory;
  const id = existing(name, directory);
  if (entries.children(id).length > 0)
    throw new ResultError(ResultCode.notAllowedOnNonLeaf, 'subordinate entries must be deleted first');
  const reversed = world && reverseEntry(entries.read(id), world);
  if (!reversed)
    throw new ResultError(ResultCode.unwillingToPerform, 'entries of this kind cannot be changed over LDAP');
  refuseRecordless(reversed, world);
  await world.delete(reversed.kind, reversed.id);
}

/** An entry of a dump that lies beneath the world is no record until it is modified, so there is nothing to take away. */
function refuseRecordless({ kind, id }: Reversed, world: WorldSource): void {
  if (world[kind].get(id)) return;
  throw new ResultError(ResultCode.unwillingToPerform, 'the entry comes from an LDIF file, and goes with it');
}

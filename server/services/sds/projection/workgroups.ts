/** Workgroups, a tree of teams, and the types that they are of. */
import type { Workgroup, WorkgroupType } from '../../../core/world/types.ts';
import { type Entry, makeEntry } from '../directory/entry.ts';
import { workgroupDn, workgroupTypeDn } from './names.ts';
import type { WorldSource } from './source.ts';

type Lookup = Pick<WorldSource['workgroups'], 'below' | 'belowElsewhere'>;

const ids = (workgroups: Workgroup[]) => workgroups.map(({ id }) => id);

/** nhsWg. It names those below it as well as those above. */
export function workgroupEntry(workgroup: Workgroup, workgroups: Lookup): Entry {
  const { id } = workgroup;
  return makeEntry(workgroupDn(id), {
    objectClass: ['top', 'nhsWg'],
    uniqueIdentifier: id,
    cn: workgroup.name,
    nhsIDCode: workgroup.ods,
    nhsWgType: workgroup.type,
    nhsWgStatus: workgroup.status,
    nhsWgClosed: workgroup.closed,
    nhsWgRoot: workgroup.root,
    nhsPwgId: workgroup.parent,
    nhsCwgId: ids(workgroups.below(id)),
    nhsXPwgId: workgroup.otherParents,
    nhsXCwgId: ids(workgroups.belowElsewhere(id)),
    nhsLegalEst: workgroup.legalEstablishment,
    nhsOCSPredecessor: workgroup.predecessors,
    ...workgroup.timers,
  });
}

/** nhsWgTypes */
export function workgroupTypeEntry({ type, name, timers }: WorkgroupType): Entry {
  return makeEntry(workgroupTypeDn(name), {
    objectClass: ['top', 'nhsWgTypes'],
    cn: name,
    nhsWgType: type,
    ...timers,
  });
}

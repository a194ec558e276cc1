/** Attributes that the server keeps itself, worked out when they are asked for (RFC 4512 3.4, RFC 4530, RFC 5020). */
import { createHash } from 'node:crypto';
import type { AttributeType } from '../schema/attributeType.ts';
import { normalizeDn } from '../schema/dn.ts';
import { attribute, structuralClass } from '../schema/schema.ts';
import type { Directory } from './directory.ts';
import type { EntryAttribute } from './entry.ts';

/** Who made every entry, as answers of the path-to-live directories show it. */
export const CREATOR = 'cn=Directory Manager,cn=Root DNs,cn=config';

export const SUBSCHEMA_DN = 'cn=Subschema';

/** Time as the directory writes it: `20260131090000Z` (RFC 4517 3.3.13). */
export function generalizedTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

function digest(...parts: (string | number)[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

/** The same entry has the same UUID after every start: it is made of its name and the time it was made. */
function entryUuid(directory: Directory, id: number): string {
  const hex = digest(normalizeDn(directory.table.dn(id))!, directory.table.createdAt[id]!);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const OBJECT_CLASS = attribute('objectClass');

type Reading = (directory: Directory, id: number) => string | undefined;

const READINGS: Record<string, Reading> = {
  creatorsName: () => CREATOR,
  createTimestamp: ({ table }, id) => generalizedTime(table.createdAt[id]!),
  modifiersName: () => CREATOR,
  modifyTimestamp: ({ table }, id) => generalizedTime(table.modifiedAt[id]!),
  etag: ({ table }, id) => digest(table.dn(id), table.modifiedAt[id]!, table.firstSlot[id]!).slice(0, 16),
  entryUUID: entryUuid,
  structuralObjectClass: (directory, id) => structuralClass(directory.values(id, OBJECT_CLASS))?.name,
  numSubordinates: (directory, id) => String(directory.children(id).length),
  hasSubordinates: (directory, id) => (directory.children(id).length > 0 ? 'TRUE' : 'FALSE'),
  subschemaSubentry: () => SUBSCHEMA_DN,
  entryDN: ({ table }, id) => normalizeDn(table.dn(id)),
  entryCSN: ({ table }, id) =>
    `${generalizedTime(table.modifiedAt[id]!).slice(0, 14)}.000000Z#${table.firstSlot[id]!.toString(16).padStart(6, '0')}#000#000000`,
};

const BY_TYPE = new Map<AttributeType, Reading>(
  Object.entries(READINGS).map(([name, read]) => [attribute(name), read]),
);

/** What `+` gives of an ordinary entry, in the order of the answer. */
export const OPERATIONAL_TYPES: readonly AttributeType[] = [...BY_TYPE.keys()];

/** The value of an operational attribute of an entry; undefined where it has none. */
export function operationalValue(directory: Directory, id: number, type: AttributeType): string | undefined {
  return BY_TYPE.get(type)?.(directory, id);
}

/** The operational attributes of an entry among those asked for. */
export function operationalAttributes(
  directory: Directory,
  id: number,
  types: Iterable<AttributeType>,
): EntryAttribute[] {
  const attributes: EntryAttribute[] = [];
  for (const type of types) {
    const value = operationalValue(directory, id, type);
    if (value !== undefined) attributes.push([type, [value]]);
  }
  return attributes;
}

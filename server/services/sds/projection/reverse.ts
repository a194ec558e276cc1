/** From an entry back to the record of the world that it shows: for changes over LDAP. */
import type {
  AccreditedSystem,
  Baseline,
  CodedName,
  MessageHandler,
  Organisation,
  Workgroup,
  WorkgroupType,
} from '../../../core/world/types.ts';
import { type Entry, valuesOf } from '../directory/entry.ts';
import { parseDn } from '../schema/dn.ts';
import { organisationEntry } from './organisations.ts';
import { baselineEntry } from './rbac.ts';
import { handlerEntry, NO_PRODUCT_KEY, systemEntry } from './services.ts';
import type { WorldSource } from './source.ts';
import { workgroupEntry, workgroupTypeEntry } from './workgroups.ts';

export type WritableKind = 'systems' | 'handlers' | 'organisations' | 'workgroups' | 'workgroupTypes' | 'baselines';

/** How the entries of an object class are records of the world. */
interface Reversal<T> {
  kind: WritableKind;
  /** The record of an entry; what entries do not show is taken from `before`. */
  read(entry: Entry, before: T | undefined): T;
  /** The entry of a record, to see what of a change the world keeps. */
  show(record: T, world: WorldSource): Entry;
}

const one = (entry: Entry, name: string): string | undefined => valuesOf(entry, name)[0];
const some = (entry: Entry, name: string): string[] | undefined => {
  const values = valuesOf(entry, name);
  return values.length > 0 ? values : undefined;
};

function product(entry: Entry) {
  const name = one(entry, 'nhsProductName');
  const version = one(entry, 'nhsProductVersion');
  const key = one(entry, 'nhsProductKey');
  if (name === undefined && version === undefined && (key === undefined || key === NO_PRODUCT_KEY)) return undefined;
  // Many real entries have the key alone; an empty text is no value of the entry.
  return { name: name ?? '', version: version ?? '', key };
}

function registration(entry: Entry) {
  return {
    requestor: one(entry, 'nhsRequestorURP'),
    requested: one(entry, 'nhsDateRequested'),
    approver: one(entry, 'nhsApproverURP'),
    approved: one(entry, 'nhsDateApproved'),
    dnsApprover: one(entry, 'nhsDNSApprover'),
    dnsApproved: one(entry, 'nhsDateDNSApproved'),
  };
}

const systems: Reversal<AccreditedSystem> = {
  kind: 'systems',
  show: systemEntry,
  read: (entry, before) => ({
    ...before,
    asid: one(entry, 'uniqueIdentifier')!,
    ods: one(entry, 'nhsIDCode')!,
    clients: some(entry, 'nhsAsClient'),
    partyKey: one(entry, 'nhsMHSPartyKey')!,
    manufacturer: one(entry, 'nhsMhsManufacturerOrg'),
    description: one(entry, 'description'),
    categories: some(entry, 'nhsAsCategoryBag'),
    accessControl: some(entry, 'nhsAsACF'),
    interactions: valuesOf(entry, 'nhsAsSvcIA'),
    product: product(entry),
    registration: registration(entry),
  }),
};

const handlers: Reversal<MessageHandler> = {
  kind: 'handlers',
  show: handlerEntry,
  read: (entry, before) => ({
    ...before,
    cpaId: one(entry, 'uniqueIdentifier')!,
    ods: one(entry, 'nhsIDCode')!,
    partyKey: one(entry, 'nhsMHSPartyKey')!,
    service: one(entry, 'nhsMHsSN')!,
    interaction: one(entry, 'nhsMHsIN')!,
    endpoint: one(entry, 'nhsMHSEndPoint')!,
    fqdn: one(entry, 'nhsMhsFQDN')!,
    ipAddress: one(entry, 'nhsMhsIPAddress'),
    network: one(entry, 'nhsMhsNetwork'),
    sinCode: one(entry, 'nhsMhsSinCode'),
    description: one(entry, 'nhsMHSServiceDescription'),
    interactionType: one(entry, 'nhsEPInteractionType'),
    templateKey: one(entry, 'nhsContractPropertyTemplateKey'),
    manufacturer: one(entry, 'nhsMhsManufacturerOrg'),
    product: product(entry),
    contract: {
      syncReplyMode: one(entry, 'nhsMHSSyncReplyMode'),
      ackRequested: one(entry, 'nhsMHSAckRequested'),
      duplicateElimination: one(entry, 'nhsMHSDuplicateElimination'),
      actor: one(entry, 'nhsMHSActor'),
      retries: numberOf(one(entry, 'nhsMHSRetries')),
      retryInterval: one(entry, 'nhsMHSRetryInterval'),
      persistDuration: one(entry, 'nhsMHSPersistDuration'),
      isAuthenticated: one(entry, 'nhsMHSIsAuthenticated'),
    },
    registration: registration(entry),
  }),
};

const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));

const isoDate = (digits: string | undefined) => digits?.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');

/** Real entries have five lines joined by `$`, older ones fewer. */
function addressLines(text: string): string[] {
  const lines = text.split('$');
  return [...lines.slice(0, 4), lines.slice(4).join(' ')].concat(Array(5).fill('')).slice(0, 5);
}

/** What the class of a part says. */
function partOf(entry: Entry): Organisation['part'] {
  const names = valuesOf(entry, 'objectClass').map((name) => name.toLowerCase());
  if (names.includes('nhssite')) return 'site';
  return names.includes('nhsdept') ? 'department' : undefined;
}

/** The organisation below which a part stands. */
function wholeOf(entry: Entry): string | undefined {
  return partOf(entry) && parseDn(entry.dn)?.[1]?.find(({ type }) => /^uniqueidentifier$/i.test(type))?.value;
}

const organisations: Reversal<Organisation> = {
  kind: 'organisations',
  show: (record, { organisations: others }) => organisationEntry(record, others),
  read: (entry, before) => ({
    ...before,
    ods: one(entry, 'uniqueIdentifier')!,
    name: one(entry, 'o') ?? one(entry, 'ou')!,
    typeCode: one(entry, 'nhsOrgTypeCode')!,
    type: one(entry, 'nhsOrgType')!,
    subTypes: some(entry, 'nhsOrgSubType'),
    address: addressLines(one(entry, 'postalAddress') ?? ''),
    postcode: one(entry, 'postalCode'),
    town: one(entry, 'l'),
    phone: one(entry, 'telephoneNumber'),
    parent: one(entry, 'nhsParentOrgCode') ?? wholeOf(entry),
    part: partOf(entry),
    pct: one(entry, 'nhsPCTCode'),
    sha: one(entry, 'nhsSHAcode'),
    openDate: isoDate(one(entry, 'nhsOrgOpenDate')),
    closeDate: isoDate(one(entry, 'nhsOrgCloseDate')),
    country: one(entry, 'nhsCountry'),
    alternativeNames: some(entry, 'nhsAltOrgNames'),
    predecessors: some(entry, 'nhsOCSPredecessor'),
    successors: some(entry, 'nhsOCSSuccessor'),
    joinDate: isoDate(one(entry, 'nhsJoinDate')),
    leftDate: isoDate(one(entry, 'nhsLeftDate')),
    dhsc: one(entry, 'nhsDHSCcode'),
    nn4bName: one(entry, 'nhsNN4BName'),
    nn4bCode: one(entry, 'nhsNN4BCode'),
    fax: one(entry, 'facsimileTelephoneNumber'),
    email: one(entry, 'mail'),
    website: one(entry, 'labeledURI'),
  }),
};

const workgroups: Reversal<Workgroup> = {
  kind: 'workgroups',
  show: (record, { workgroups: others }) => workgroupEntry(record, others),
  read: (entry, before) => ({
    ...before,
    id: one(entry, 'uniqueIdentifier')!,
    name: one(entry, 'cn')!,
    ods: one(entry, 'nhsIDCode')!,
    type: one(entry, 'nhsWgType'),
    status: one(entry, 'nhsWgStatus'),
    closed: one(entry, 'nhsWgClosed'),
    root: one(entry, 'nhsWgRoot'),
    parent: one(entry, 'nhsPwgId'),
    otherParents: some(entry, 'nhsXPwgId'),
    legalEstablishment: one(entry, 'nhsLegalEst'),
    predecessors: some(entry, 'nhsOCSPredecessor'),
    timers: timersOf(entry),
  }),
};

function timersOf(entry: Entry): Record<string, string> | undefined {
  const timers = entry.attributes.filter(([type]) => type.name.startsWith('nhsLr'));
  return timers.length === 0 ? undefined : Object.fromEntries(timers.map(([type, [value]]) => [type.name, value!]));
}

const workgroupTypes: Reversal<WorkgroupType> = {
  kind: 'workgroupTypes',
  show: workgroupTypeEntry,
  read: (entry, before) => ({
    ...before,
    type: one(entry, 'nhsWgType')!,
    name: one(entry, 'cn')!,
    timers: timersOf(entry),
  }),
};

/** Codes with the names that stand in the same order; a code without a name is its own. */
function codedNames(codes: string[] | undefined, name: (code: string, index: number) => string | undefined) {
  return codes?.map((code, index): CodedName => ({ code, name: name(code, index) ?? code }));
}

const baselines: Reversal<Baseline> = {
  kind: 'baselines',
  show: baselineEntry,
  read: (entry, before) => ({
    ...before,
    id: one(entry, 'uniqueIdentifier')!,
    jobRole: one(entry, 'nhsJobRole')!,
    jobRoleCode: one(entry, 'nhsJobRoleCode')!,
    areasOfWork: codedNames(some(entry, 'nhsAreaOfWorkCodes'), (_, n) => valuesOf(entry, 'nhsAreaOfWork')[n]),
    businessFunctions: codedNames(
      some(entry, 'nhsBusinessFunctionsCodes'),
      (code) => before?.businessFunctions?.find((known) => known.code === code)?.name,
    ),
    registrationAuthority: one(entry, 'nhsRA'),
    created: isoDate(one(entry, 'nhsCreateDate')),
  }),
};

const BY_CLASS: Record<string, Reversal<unknown>> = {
  nhsas: systems as Reversal<unknown>,
  nhsmhs: handlers as Reversal<unknown>,
  nhsorg: organisations as Reversal<unknown>,
  nhsgppractice: organisations as Reversal<unknown>,
  nhssite: organisations as Reversal<unknown>,
  nhsdept: organisations as Reversal<unknown>,
  nhswg: workgroups as Reversal<unknown>,
  nhswgtypes: workgroupTypes as Reversal<unknown>,
  nhsrbacbl: baselines as Reversal<unknown>,
};

const reversalOf = (entry: Entry): Reversal<unknown> | undefined =>
  valuesOf(entry, 'objectClass')
    .map((name) => BY_CLASS[name.toLowerCase()])
    .find((found) => found !== undefined);

/** Whether an entry is of a kind that is a record of its own. */
export const isOfRecord = (entry: Entry): boolean => reversalOf(entry) !== undefined;

export interface Reversed {
  kind: WritableKind;
  id: string;
  record: unknown;
  /** What the world shows once it has the record. */
  shown: Entry;
}

/** The record of an entry; undefined for entries of a kind that is not a record of its own. */
export function reverseEntry(entry: Entry, world: WorldSource): Reversed | undefined {
  const reversal = reversalOf(entry);
  const id = one(entry, reversal?.kind === 'workgroupTypes' ? 'nhsWgType' : 'uniqueIdentifier');
  if (!reversal || id === undefined) return undefined;
  const read = reversal.read(entry, world[reversal.kind].get(id));
  // Absent values are absent fields in the world's schema.
  const record = JSON.parse(JSON.stringify(read));
  return { kind: reversal.kind, id, record, shown: reversal.show(record, world) };
}

/** What differs between the kinds: the id, and by which other keys records are looked up. */
import type { WorldKind, WorldKinds } from './types.ts';

export interface KindRules<T> {
  idOf(value: T): string;
  /** Keys of each index; a record may have several keys in one. */
  indexes: Record<string, (value: T) => Iterable<string>>;
}

function optional(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

export const KINDS: { [K in WorldKind]: KindRules<WorldKinds[K]> } = {
  organisations: { idOf: (value) => value.ods, indexes: { parent: (value) => optional(value.parent) } },
  people: {
    idOf: (value) => value.uid,
    indexes: {
      role: (value) => value.employments.flatMap((employment) => employment.roles.map((role) => role.id)),
      employment: (value) => value.employments.map((employment) => employment.id),
      ods: (value) => value.employments.map((employment) => employment.ods),
    },
  },
  cards: { idOf: (value) => value.id, indexes: { uid: (value) => [value.uid] } },
  workgroups: {
    idOf: (value) => value.id,
    indexes: {
      ods: (value) => [value.ods],
      parent: (value) => optional(value.parent),
      otherParent: (value) => value.otherParents ?? [],
    },
  },
  workgroupTypes: { idOf: (value) => value.type, indexes: {} },
  baselines: { idOf: (value) => value.id, indexes: { jobRole: (value) => [value.jobRoleCode] } },
  systems: {
    idOf: (value) => value.asid,
    indexes: {
      ods: (value) => [value.ods],
      partyKey: (value) => [value.partyKey],
      fqdn: (value) => optional(value.fqdn),
    },
  },
  handlers: {
    idOf: (value) => value.cpaId,
    indexes: {
      ods: (value) => [value.ods],
      partyKey: (value) => [value.partyKey],
      svcIa: (value) => [svcIa(value)],
      party: (value) => [`${value.partyKey} ${svcIa(value)}`],
      fqdn: (value) => [value.fqdn],
    },
  },
  mailboxes: { idOf: (value) => value.id, indexes: { ods: (value) => [value.ods] } },
  workflows: { idOf: (value) => value.id, indexes: {} },
  sharing: { idOf: (value) => value.id, indexes: {} },
  addresses: { idOf: (value) => value.key, indexes: {} },
  patients: { idOf: (value) => value.nhsNumber, indexes: {} },
};

/** In the order in which they are loaded and listed: what others refer to comes first. */
export const KIND_NAMES = Object.keys(KINDS) as WorldKind[];

export function isWorldKind(name: string): name is WorldKind {
  return Object.hasOwn(KINDS, name);
}

/** nhsMhsSvcIA: the key under which the directory lists what a handler receives. */
export function svcIa(handler: { service: string; interaction: string }): string {
  return `${handler.service}:${handler.interaction}`;
}

/** Accredited systems and message handlers from the compact notation of a party. */
import type { Static } from 'typebox';
import type { Path } from '../../yaml/document.ts';
import { nearest } from '../../yaml/nearest.ts';
import { fullInteraction, SERVICES } from '../formats.ts';
import type { ContractPattern, Party } from '../schema/party.ts';
import type { AccreditedSystem, ContractProperties, MessageHandler } from '../types.ts';
import { type NamedInteraction, parseInteractions, words } from './interactions.ts';

export type PatternSeed = Static<typeof ContractPattern>;
export type PartySeed = Static<typeof Party>;
/** By name; null for one with faults, which are told elsewhere. */
export type Patterns = Record<string, PatternSeed | null>;

/** A contract of the party with its pattern filled in, for one interaction. */
interface NamedContract extends PatternSeed {
  service: string;
  interaction: string;
  cpaId: string;
}

export interface PartyRecords {
  systems: { path: Path; value: AccreditedSystem }[];
  handlers: { path: Path; value: MessageHandler }[];
  faults: { path: Path; message: string; suggestion?: string | undefined }[];
}

/** Paths are relative to the party. */
export function recordsOf(party: PartySeed, patterns: Patterns): PartyRecords {
  const records: PartyRecords = { systems: [], handlers: [], faults: [] };
  const listed: { service: string; name: string }[] = [];
  for (const [index, contract] of party.contracts.entries()) {
    const path = ['contracts', index];
    const pattern = patterns[contract.pattern];
    if (pattern === null) continue;
    if (!pattern) {
      const guess = nearest(contract.pattern, Object.keys(patterns));
      const suggestion = guess ? `did you mean "${guess}"?` : `known: ${Object.keys(patterns).join(', ')}`;
      records.faults.push({ path: [...path, 'pattern'], message: `no pattern "${contract.pattern}"`, suggestion });
      continue;
    }
    let interactions: NamedInteraction[];
    try {
      interactions = parseInteractions(contract.interactions);
    } catch (error) {
      records.faults.push({ path: [...path, 'interactions'], message: (error as Error).message });
      continue;
    }
    const services = words(contract.service);
    for (const service of services) for (const { name } of interactions) listed.push({ service, name });
    const merged = { ...pattern, ...contract };
    if (merged.listedOnly) continue;
    if (merged.endpoint === undefined) {
      records.faults.push({
        path,
        message: `neither the contract nor the pattern "${contract.pattern}" has an endpoint`,
      });
      continue;
    }
    if (merged.first === undefined && interactions.some((interaction) => interaction.cpaId === undefined)) {
      records.faults.push({
        path,
        message: '"first" is missing: the CPA id to count from',
        suggestion: 'first: 2A000001',
      });
      continue;
    }
    const nextId = counter(merged.first ?? '0');
    for (const service of services) {
      for (const { name, cpaId } of interactions) {
        const named = {
          ...merged,
          service,
          interaction: name,
          cpaId: `${party.cpaIdPrefix ?? ''}${cpaId ?? nextId()}`,
        };
        records.handlers.push({ path, value: handlerOf(party, named) });
      }
    }
  }
  for (const [index, system] of party.systems.entries()) {
    const own = listed.filter(({ service }) => (system.services ?? [service]).includes(service));
    const names = own.map(({ service, name }) => fullInteraction(`${service}:${name}`));
    const interactions = [...new Set([...names, ...system.interactions])];
    records.systems.push({ path: ['systems', index], value: systemOf(party, system, interactions) });
  }
  return records;
}

function systemOf(party: PartySeed, system: PartySeed['systems'][number], interactions: string[]): AccreditedSystem {
  return compact({
    asid: system.asid,
    ods: party.ods,
    partyKey: party.partyKey,
    manufacturer: party.manufacturer,
    product: system.product ?? party.product,
    interactions,
    accessControl: system.accessControl,
    fqdn: party.fqdn,
    registration: party.registration,
    spine: party.spine,
    unlisted: system.unlisted,
    builtIn: party.builtIn,
  });
}

function handlerOf(party: PartySeed, contract: NamedContract): MessageHandler {
  const { service, interaction, cpaId } = contract;
  const variables: Record<string, string> = {
    ...party.variables,
    ods: party.ods,
    partyKey: party.partyKey,
    interaction,
  };
  const endpoint = contract.endpoint!.replaceAll(/\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);
  return compact({
    cpaId,
    ods: party.ods,
    partyKey: party.partyKey,
    service: service.startsWith('urn:') ? service : `${SERVICES}${service}`,
    interaction,
    endpoint,
    fqdn: URL.parse(endpoint)?.hostname ?? '',
    ipAddress: party.ipAddress,
    description: party.description,
    interactionType: contract.interactionType,
    templateKey: contract.templateKey,
    manufacturer: party.manufacturer,
    product: party.product,
    contract: properties(contract),
    registration: party.registration,
    builtIn: party.builtIn,
  });
}

function properties(contract: PatternSeed): ContractProperties {
  return compact({
    syncReplyMode: contract.syncReplyMode,
    ackRequested: contract.ackRequested,
    duplicateElimination: contract.duplicateElimination,
    actor: contract.actor,
    retries: contract.retries,
    retryInterval: contract.retryInterval,
    persistDuration: contract.persistDuration,
    isAuthenticated: contract.isAuthenticated,
  });
}

/** Counts the digits at the end up, their number kept. */
function counter(first: string): () => string {
  const [, head, digits] = /^(.*?)(\d{1,9})$/.exec(first) ?? ['', first, '0'];
  let next = Number(digits);
  return () => `${head}${String(next++).padStart(digits!.length, '0')}`;
}

/** Without the properties that are undefined. */
function compact<T extends object>(value: T): T {
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] === undefined) delete value[key];
  return value;
}

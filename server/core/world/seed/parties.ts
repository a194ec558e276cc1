/** Accredited systems and message handlers from the compact notation of a party. */
import type { Static } from 'typebox';
import type { Path } from '../../yaml/document.ts';
import { nearest } from '../../yaml/nearest.ts';
import { compact } from '../compact.ts';
import { fullInteraction, SERVICES } from '../formats.ts';
import type { ContractPattern, Party } from '../schema/party.ts';
import type { AccreditedSystem, MessageHandler } from '../types.ts';
import { type NamedInteraction, parseInteractions, words } from './interactions.ts';

export type PatternSeed = Static<typeof ContractPattern>;
export type PartySeed = Static<typeof Party>;
type ContractSeed = PartySeed['contracts'][number];
type SystemSeed = PartySeed['systems'][number];
/** By name; null for one with faults, which are told elsewhere. */
export type Patterns = Record<string, PatternSeed | null>;

export interface PartyRecords {
  systems: { path: Path; value: AccreditedSystem }[];
  handlers: { path: Path; value: MessageHandler }[];
  faults: PartyFault[];
}

interface PartyFault {
  path: Path;
  message: string;
  suggestion?: string | undefined;
}

/** A contract with its pattern and its interactions read. */
interface ReadContract {
  path: Path;
  services: string[];
  interactions: NamedInteraction[];
  merged: ContractSeed & PatternSeed;
}

/** Paths are relative to the party. */
export function recordsOf(party: PartySeed, patterns: Patterns): PartyRecords {
  const records: PartyRecords = { systems: [], handlers: [], faults: [] };
  const contracts = party.contracts.flatMap((contract, index) => {
    return readContract(contract, ['contracts', index], patterns, records.faults) ?? [];
  });
  for (const contract of contracts) {
    if (contract.merged.listedOnly) continue;
    for (const value of handlersOf(party, contract)) records.handlers.push({ path: contract.path, value });
  }
  for (const [index, system] of party.systems.entries()) {
    records.systems.push({ path: ['systems', index], value: systemOf(party, system, contracts) });
  }
  return records;
}

function readContract(
  contract: ContractSeed,
  path: Path,
  patterns: Patterns,
  faults: PartyFault[],
): ReadContract | undefined {
  const pattern = patterns[contract.pattern];
  if (pattern === null) return undefined;
  if (!pattern) {
    const guess = nearest(contract.pattern, Object.keys(patterns));
    const suggestion = guess ? `did you mean "${guess}"?` : `known: ${Object.keys(patterns).join(', ')}`;
    faults.push({ path: [...path, 'pattern'], message: `no pattern "${contract.pattern}"`, suggestion });
    return undefined;
  }
  let interactions: NamedInteraction[];
  try {
    interactions = parseInteractions(contract.interactions);
  } catch (error) {
    faults.push({ path: [...path, 'interactions'], message: (error as Error).message });
    return undefined;
  }
  const merged = { ...pattern, ...contract };
  const fault = merged.listedOnly ? undefined : whatIsMissing(merged, interactions);
  if (fault) faults.push({ ...fault, path });
  return fault ? undefined : { path, services: words(contract.service), interactions, merged };
}

function whatIsMissing(
  contract: ContractSeed & PatternSeed,
  interactions: NamedInteraction[],
): Omit<PartyFault, 'path'> | undefined {
  if (contract.endpoint === undefined) {
    return { message: `neither the contract nor the pattern "${contract.pattern}" has an endpoint` };
  }
  if (contract.first === undefined && interactions.some(({ cpaId }) => cpaId === undefined)) {
    return { message: '"first" is missing: the CPA id to count from', suggestion: 'first: 2A000001' };
  }
  return undefined;
}

function systemOf(party: PartySeed, system: SystemSeed, contracts: ReadContract[]): AccreditedSystem {
  const names = contracts.flatMap(({ services, interactions }) =>
    services
      .filter((service) => (system.services ?? [service]).includes(service))
      .flatMap((service) => interactions.map(({ name }) => fullInteraction(`${service}:${name}`))),
  );
  return compact({
    asid: system.asid,
    ods: party.ods,
    partyKey: party.partyKey,
    manufacturer: party.manufacturer,
    product: system.product ?? party.product,
    interactions: [...new Set([...names, ...system.interactions])],
    accessControl: system.accessControl,
    fqdn: party.fqdn,
    registration: party.registration,
    spine: party.spine,
    unlisted: system.unlisted,
    builtIn: party.builtIn,
  });
}

function* handlersOf(party: PartySeed, { services, interactions, merged }: ReadContract): Generator<MessageHandler> {
  const shared = sharedPart(party, merged);
  const nextId = counter(merged.first ?? '0');
  for (const service of services) {
    const urn = service.startsWith('urn:') ? service : `${SERVICES}${service}`;
    for (const { name, cpaId } of interactions) {
      yield { ...shared, cpaId: `${party.cpaIdPrefix ?? ''}${cpaId ?? nextId()}`, service: urn, interaction: name };
    }
  }
}

/** What all handlers of one contract have in common; a thousand of them share its objects. */
function sharedPart(party: PartySeed, contract: ContractSeed & PatternSeed) {
  const variables: Record<string, string> = { ...party.variables, ods: party.ods, partyKey: party.partyKey };
  const endpoint = contract.endpoint!.replaceAll(/\{(\w+)\}/g, (whole, name: string) => variables[name] ?? whole);
  return compact({
    ods: party.ods,
    partyKey: party.partyKey,
    endpoint,
    fqdn: URL.parse(endpoint)?.hostname ?? '',
    ipAddress: party.ipAddress,
    description: party.description,
    interactionType: contract.interactionType,
    templateKey: contract.templateKey,
    manufacturer: party.manufacturer,
    product: party.product,
    contract: compact({
      syncReplyMode: contract.syncReplyMode,
      ackRequested: contract.ackRequested,
      duplicateElimination: contract.duplicateElimination,
      actor: contract.actor,
      retries: contract.retries,
      retryInterval: contract.retryInterval,
      persistDuration: contract.persistDuration,
      isAuthenticated: contract.isAuthenticated,
    }),
    registration: party.registration,
    builtIn: party.builtIn,
  });
}

/** Counts the digits at the end up, their number kept. */
function counter(first: string): () => string {
  const [, head, digits] = /^(.*?)(\d{1,9})$/.exec(first) ?? ['', first, '0'];
  let next = Number(digits);
  return () => `${head}${String(next++).padStart(digits!.length, '0')}`;
}

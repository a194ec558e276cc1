/**
 * Endpoint registration: from what a developer knows of a system (ODS code, interactions, address) to everything that the
 * directory, messaging, the proxy and MESH need of it.
 */
import type { Clock } from '../../clock/clock.ts';
import { formatPath } from '../../yaml/problem.ts';
import type { SchemaReading } from '../../yaml/schema.ts';
import { error, type Finding } from '../check/finding.ts';
import { WorldError, type WorldProblem } from '../errors.ts';
import { svcIa } from '../kinds.ts';
import type { Tables } from '../tables/tables.ts';
import type { AccreditedSystem, Mailbox, MessageHandler, Organisation, WorldKind, WorldKinds } from '../types.ts';
import { type EndpointPlan, type EndpointWish, planEndpoint } from './plan.ts';

/** What a registration came to. */
export interface RegisteredEndpoint {
  asid: string;
  partyKey: string;
  ods: string;
  /** It replaced an earlier registration of the same system, whose ids it has. */
  again: boolean;
  system: AccreditedSystem;
  handlers: MessageHandler[];
  organisation?: Organisation | undefined;
  mailbox?: Mailbox | undefined;
  /** Listed, but not received by a message handler. */
  sends: string[];
  /** Interactions that were added because Spine answers with them. */
  answers: string[];
  /** CPA ids of contracts that went with the earlier registration. */
  removed: string[];
  warnings: WorldProblem[];
}

/** One party with all that the directory has of it. */
export interface Party {
  partyKey: string;
  /** ODS codes: one, unless party keys are shared. */
  ods: string[];
  spine: boolean;
  systems: AccreditedSystem[];
  handlers: MessageHandler[];
}

/** A record to be put, or (null) to be removed. */
export interface WorldRecord {
  kind: WorldKind;
  id: string;
  value: WorldKinds[WorldKind] | null;
}

/** What registration needs of its world. */
export interface EndpointWorld extends Tables {
  putAll(records: readonly { kind: WorldKind; id?: string | undefined; value?: unknown }[]): Promise<WorldProblem[]>;
}

export interface EndpointsOptions {
  world: EndpointWorld;
  space: string;
  clock: Clock;
  /** Reads what a developer wrote by the schema of registrations. */
  read(value: unknown): SchemaReading;
  /** What the rules of the world say of records, with all of them in place. */
  examine(records: readonly WorldRecord[]): Finding[];
}

export class Endpoints {
  #options: EndpointsOptions;

  constructor(options: EndpointsOptions) {
    this.#options = options;
  }

  /** What `register` would do, without doing it. Throws `WorldError` with everything that is wrong. */
  check(value: unknown): RegisteredEndpoint {
    return this.#shown(this.#plan(value));
  }

  /** Registers a system, or registers it again under the ids that it has. Throws `WorldError` with everything that is wrong. */
  async register(value: unknown): Promise<RegisteredEndpoint> {
    const { world } = this.#options;
    const plan = this.#plan(value);
    await world.putAll([...plan.obsolete.map((id) => ({ kind: 'handlers', id }) as const), ...recordsOf(plan)]);
    return this.#shown(plan);
  }

  /** All parties in the order of their systems, then of their handlers. */
  list(): Party[] {
    const { systems, handlers } = this.#options.world;
    const keys = new Set<string>();
    for (const { partyKey } of systems.values()) keys.add(partyKey);
    for (const { partyKey } of handlers.values()) keys.add(partyKey);
    return [...keys].map((partyKey) => this.#party(partyKey));
  }

  /** The party of a party key, an ASID or a CPA id. */
  find(id: string): Party | undefined {
    const { systems, handlers } = this.#options.world;
    const partyKey = systems.get(id)?.partyKey ?? handlers.get(id)?.partyKey ?? id;
    const party = this.#party(partyKey);
    return party.systems.length + party.handlers.length > 0 ? party : undefined;
  }

  /**
   * Removes a party with all its systems and handlers; by an ASID only that system, and the handlers where it was the party's
   * last. Organisation and mailbox stay. False when there was nothing of that id.
   * Throws `WorldError` for Spine itself, without which nothing would be answered.
   */
  async remove(id: string): Promise<boolean> {
    const { world } = this.#options;
    const party = this.find(id);
    if (!party) return false;
    if (party.spine) throw refusal([error([], `${id} is Spine's own`, '/api/world changes single records')]);
    const systems = party.systems.filter(({ asid }) => id === party.partyKey || asid === id);
    const handlers =
      systems.length === party.systems.length
        ? party.handlers.map(({ cpaId }) => cpaId)
        : systems.length === 0
          ? [id]
          : [];
    await world.putAll([
      ...handlers.map((cpaId) => ({ kind: 'handlers', id: cpaId }) as const),
      ...systems.map(({ asid }) => ({ kind: 'systems', id: asid }) as const),
    ]);
    return true;
  }

  #party(partyKey: string): Party {
    const { systems, handlers } = this.#options.world;
    const own = systems.byPartyKey(partyKey);
    const received = handlers.byPartyKey(partyKey);
    return {
      partyKey,
      ods: [...new Set([...own, ...received].map(({ ods }) => ods))],
      spine: systems.isSpineParty(partyKey),
      systems: own,
      handlers: received,
    };
  }

  #plan(value: unknown): EndpointPlan {
    const { world, space, clock, read, examine } = this.#options;
    if (typeof value === 'object' && value !== null && 'copies' in value) {
      throw refusal([error(['copies'], 'is for seed files only')]);
    }
    const { value: wish, faults } = read(value);
    if (faults.length > 0) throw refusal(faults.map((fault) => ({ severity: 'error', ...fault })));
    const at = clock.iso().slice(0, 19).replaceAll(/\D/g, '');
    const plan = planEndpoint(wish as EndpointWish, { tables: world, space, at });
    const gone = plan.obsolete.map((id) => ({ kind: 'handlers', id, value: null }) as const);
    plan.findings = withoutRepeats([...plan.findings, ...examine([...gone, ...recordsOf(plan)])]);
    if (plan.findings.some(({ severity }) => severity === 'error')) throw refusal(plan.findings);
    return plan;
  }

  #shown({ system, handlers, organisation, mailbox, answers, obsolete, again, findings }: EndpointPlan) {
    const received = new Set(handlers.map(svcIa));
    return {
      asid: system.asid,
      partyKey: system.partyKey,
      ods: system.ods,
      again,
      system,
      handlers,
      organisation,
      mailbox,
      sends: system.interactions.filter((name) => !received.has(name)),
      answers,
      removed: obsolete,
      warnings: findings.map(problemOf),
    };
  }
}

const problemOf = ({ severity, path, message, suggestion }: Finding): WorldProblem => ({
  severity,
  path: formatPath(path),
  message,
  suggestion,
});

const refusal = (findings: readonly Finding[]) => new WorldError('endpoint', findings.map(problemOf));

/** The records of a plan, what others refer to first. */
export function recordsOf({ organisation, system, handlers, mailbox, workflows }: EndpointPlan): WorldRecord[] {
  return [
    ...(organisation ? [{ kind: 'organisations', id: organisation.ods, value: organisation } as const] : []),
    { kind: 'systems', id: system.asid, value: system },
    ...handlers.map((value) => ({ kind: 'handlers', id: value.cpaId, value }) as const),
    ...(mailbox ? [{ kind: 'mailboxes', id: mailbox.id, value: mailbox } as const] : []),
    ...workflows.map((value) => ({ kind: 'workflows', id: value.id, value }) as const),
  ];
}

/** The same said of each of a hundred handlers is said once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const told = new Set<string>();
  return findings.filter(({ path, message }) => {
    const key = `${formatPath(path)} ${message}`;
    const first = !told.has(key);
    told.add(key);
    return first;
  });
}

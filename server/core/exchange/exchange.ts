/** One exchange of any protocol on its way through the simulator: its space, its journal entry, its log, its decisions. */
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Direction, Identity, JournalEntry, NearMiss, Outcome, Protocol, Step } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Rules } from '../rules/engine.ts';
import type { Space, SpaceIdentity } from '../space/space.ts';
import type { ResolvedSpace, Spaces } from '../space/spaces.ts';

/** What every exchange needs of the core. */
export interface ExchangeContext {
  spaces: Spaces;
  journal: Journal;
  /** The users' rules. */
  rules: Rules;
  log: Logger;
}

export interface ExchangeInit {
  protocol: Protocol;
  direction: Direction;
  service: string;
  resolved: ResolvedSpace;
  peer?: string | undefined;
  host?: string | undefined;
}

export class Exchange {
  readonly entry: JournalEntry;
  readonly context: ExchangeContext;
  #space: Space;
  #startedAt = performance.now();
  #log: Logger | undefined;
  #closed = false;
  #afterwards: (() => void)[] | undefined;

  constructor(context: ExchangeContext, init: ExchangeInit) {
    this.context = context;
    this.#space = init.resolved.space;
    this.entry = {
      // The correlation id is drawn from the default space's sequence: a space's own ids stay what its messages use.
      id: context.spaces.default.ids.lowerUuid(),
      seq: 0,
      space: init.resolved.space.name,
      spaceReason: init.resolved.reason,
      at: init.resolved.space.clock.iso(),
      durationMs: 0,
      protocol: init.protocol,
      direction: init.direction,
      service: init.service,
      peer: init.peer,
      host: init.host,
      identity: {},
      request: {},
      response: {},
      outcome: 'ok',
      steps: [],
      nearMisses: [],
    };
  }

  /** Correlation id: in the journal, in every log line, and in nothing that a client sees unless asked for. */
  get id(): string {
    return this.entry.id;
  }

  get space(): Space {
    return this.#space;
  }

  get log(): Logger {
    this.#log ??= this.context.log.child({ exchange: this.entry.id });
    return this.#log;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Notes one decision, in order; the list is the entry's "explain". */
  step(name: string, outcome: Step['outcome'] = 'ok', detail?: string): void {
    this.entry.steps.push(detail === undefined ? { name, outcome } : { name, outcome, detail });
  }

  /**
   * Notes who the exchange is about. Where neither header nor host named a space, an identity that is registered in one
   * moves the exchange there: call it as soon as a message is decoded, before its space is used.
   */
  identify(identity: Identity & { ticket?: string }): void {
    const noted = this.entry.identity as Record<string, string>;
    for (const field in identity) {
      const value = identity[field as keyof Identity];
      if (value !== undefined && field !== 'ticket') noted[field] = value;
    }
    if (this.entry.spaceReason !== 'default') return;
    if (!this.context.spaces.knowsIdentities) return;
    const known: SpaceIdentity = { ...this.entry.identity, ticket: identity.ticket };
    const resolved = this.context.spaces.resolveIdentity(known);
    if (resolved) this.belongsTo(resolved);
  }

  /** Moves an exchange that names no space into that of what it is about; any other stays where it is. */
  belongsTo({ space, reason }: ResolvedSpace): void {
    if (this.entry.spaceReason !== 'default') return;
    this.#space = space;
    this.entry.space = space.name;
    this.entry.spaceReason = reason;
    this.entry.at = space.clock.iso();
  }

  /** Names the protocol operation, and the HL7 or FHIR interaction where there is one. */
  operation(operation: string, interaction?: string): void {
    this.entry.operation = operation;
    if (interaction !== undefined) this.entry.interaction = interaction;
  }

  nearMiss(miss: NearMiss): void {
    this.entry.nearMisses.push(miss);
  }

  /** Notes that the exchange was answered with the protocol's own error, and one plain sentence on what to fix. */
  refuse(code: string, message: string, advice?: string): void {
    if (this.#closed) return;
    this.entry.outcome = 'refused';
    this.entry.error = { code, message };
    if (advice !== undefined) this.entry.advice = advice;
  }

  /** Notes that the exchange broke off or met a fault of the simulator. */
  fail(code: string, message: string): void {
    // What is in the journal stays what it was said to be.
    if (this.#closed) return;
    this.entry.outcome = 'failed';
    this.entry.error = { code, message };
  }

  /** Runs when the exchange is over and in the journal; at once when it is already. */
  afterwards(run: () => void): void {
    if (this.#closed) run();
    else {
      this.#afterwards ??= [];
      this.#afterwards.push(run);
    }
  }

  /** Puts the entry into the journal. Only the first call counts. */
  close(outcome?: Outcome): void {
    if (this.#closed) return;
    this.#closed = true;
    if (outcome) this.entry.outcome = outcome;
    this.entry.durationMs = Math.round((performance.now() - this.#startedAt) * 100) / 100;
    this.context.journal.add(this.entry);
    const { service, operation, interaction, status, space, durationMs, error, advice, outcome: ended } = this.entry;
    this.context.log.info(
      {
        exchange: this.entry.id,
        service,
        operation,
        interaction,
        status,
        space,
        ms: durationMs,
        outcome: ended,
        error,
        advice,
      },
      'exchange',
    );
    for (const run of this.#afterwards ?? []) run();
  }
}

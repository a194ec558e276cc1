/** Examinations of received messages, made from their journal entries by the service that received them. */
import type { JournalEntry } from '../journal/entry.ts';

/** not-checked: what came before failed, or what it needs is not there. */
export type CheckOutcome = 'passed' | 'failed' | 'not-checked';

export interface CheckResult {
  /** The service's own name for it, such as `INVALID_ID`. */
  name: string;
  /** Where the rule stands. */
  source: string;
  outcome: CheckOutcome;
  /** False: the settings let a message pass that breaks it. */
  enforced: boolean;
  /** What was found, or why it was not checked. */
  detail?: string;
  /** One plain sentence on what to fix, where it failed. */
  advice?: string;
}

export interface Examination {
  /** Id of the journal entry. */
  id: string;
  at: string;
  space: string;
  service: string;
  operation: string | undefined;
  interaction: string | undefined;
  messageId: string | undefined;
  asid: string | undefined;
  partyKey: string | undefined;
  /** How the message was answered. */
  outcome: JournalEntry['outcome'];
  error: JournalEntry['error'];
  checks: CheckResult[];
}

/** Every check of one message; undefined when the entry is not of a message. Must not throw for any bytes. */
export type Examiner = (entry: JournalEntry) => Promise<CheckResult[] | undefined>;

export class Conformance {
  #examiners = new Map<string, Examiner>();

  /** One examiner for each service. */
  register(service: string, examiner: Examiner): void {
    this.#examiners.set(service, examiner);
  }

  /** Names of the services that can say something of their messages. */
  get services(): string[] {
    return [...this.#examiners.keys()];
  }

  /** Undefined for what nobody examines: other services, and what the simulator itself sent. */
  async examine(entry: JournalEntry): Promise<Examination | undefined> {
    if (entry.direction !== 'inbound') return undefined;
    const checks = await this.#examiners.get(entry.service)?.(entry);
    if (!checks) return undefined;
    const { id, at, space, service, operation, interaction, identity, outcome, error } = entry;
    const { messageId, asid, partyKey } = identity;
    return { id, at, space, service, operation, interaction, messageId, asid, partyKey, outcome, error, checks };
  }
}

/** What the connection asks of the rest of the simulator for each operation: its space, its rules, its journal entry. */
import type { Request } from './protocol/message.ts';
import type { ConnectionFacts, LdapAnswer, Session } from './session.ts';
import type { SpaceDirectory } from './spaceDirectory.ts';

export interface OperationEnd {
  code: number;
  matchedDn: string;
  message: string;
  /** Entries given. */
  count: number;
  /** Names in the attribute list of a search that mean nothing. */
  unknownAttributes?: readonly string[] | undefined;
  /** The operation broke off: connection lost, or abandoned. */
  broken?: string;
}

/** What becomes of an operation that a rule concerns. */
export interface Verdict {
  answer: LdapAnswer;
  /** The connection is cut in the middle of the message after so many entries. */
  cutAfter?: number | undefined;
  /** No answer ever comes. */
  silent?: boolean | undefined;
}

/** What a rule does with an operation, around its default behaviour. */
export type Ruling = (behaviour: () => Promise<LdapAnswer>) => Promise<Verdict>;

/** One operation on its way. */
export interface OperationHandle {
  /** The directory of the operation's space. */
  readonly directory: SpaceDirectory;
  /**
   * Given where a rule may concern the operation: resolves with what the rule that matches does, or undefined. Absent in the
   * common case, so that answers go from the directory to the wire without a detour.
   */
  ruling?: (() => Promise<Ruling | undefined>) | undefined;
  /** Called exactly once. */
  end(end: OperationEnd): void;
}

export interface LdapHooks {
  open(facts: ConnectionFacts, session: Session, request: Request): OperationHandle;
  /** Octets that are no LDAP, before the connection is closed. */
  undecodable(facts: ConnectionFacts, problem: string, octets: Buffer): void;
}

/** What a rule decided about one exchange. */

import type { Fault } from '../faults/catalogue.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { Space } from '../space/space.ts';
import type { Callback } from './actions/callback.ts';
import type { RuleCodeError } from './code/error.ts';
import type { MessagingWish } from './definition/messaging.ts';
import type { Forward } from './forward.ts';

/** What rules need of a space. */
export type RuleSpace = Pick<Space, 'name' | 'clock' | 'ids' | 'world'>;

export interface RuleDecision {
  /** Name of the rule. */
  rule: string;
  /** What is answered in place of the default; absent: the default behaviour answers. */
  answer?: HttpAnswer | undefined;
  /** The default answer is given, and compared with `answer`. */
  diff?: boolean | undefined;
  /** Changes the default answer in place and returns what could not be changed, in plain words. */
  change?: ((answer: HttpAnswer) => Promise<string[]>) | undefined;
  /** The service's own error of that name is answered in place of the default. */
  error?: { name: string; text?: string | undefined } | undefined;
  /** Another environment answers in place of the default. */
  forward?: Forward | undefined;
  /** Sent after the exchange. */
  callbacks?: readonly Callback[] | undefined;
  /** Scenarios that changed their state, in words. */
  states?: readonly string[] | undefined;
  /** Name of the TLS profile of a handshake. */
  tls?: string | undefined;
  /** The answer comes later by so many real milliseconds. */
  delayMs: number;
  fault?: Fault | undefined;
  /** What messaging is to do otherwise; it looks there itself. */
  messaging?: MessagingWish | undefined;
  /** A function of the rule failed: the protocol's own fault is the answer. */
  broken?: RuleCodeError | undefined;
  /** Why the rule could not do what it says (a file that has gone, a template that failed); the default answers then. */
  problem?: string | undefined;
}

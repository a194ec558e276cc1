/** What a rule decided about one exchange. */
import type { Fault } from '../faults/catalogue.ts';
import type { HttpAnswer } from '../http/answer.ts';
import type { Space } from '../space/space.ts';

/** What rules need of a space. */
export type RuleSpace = Pick<Space, 'name' | 'clock' | 'ids' | 'world'>;

export interface RuleDecision {
  /** Name of the rule. */
  rule: string;
  /** What is answered in place of the default; absent: the default behaviour answers. */
  answer?: HttpAnswer | undefined;
  /** Changes the default answer in place and returns what could not be changed, in plain words. */
  change?: ((answer: HttpAnswer) => Promise<string[]>) | undefined;
  /** The answer comes later by so many real milliseconds. */
  delayMs: number;
  fault?: Fault | undefined;
  /** Why the rule could not do what it says (a file that has gone, a template that failed); the default answers then. */
  problem?: string | undefined;
}

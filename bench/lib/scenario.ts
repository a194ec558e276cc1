/** Something that clients ask of the simulator, measured against a bare server that gives the same answers. */
import type { Answer, Ask } from './connection.ts';
import type { Simulator } from './simulator.ts';

export interface Scenario<State = unknown> {
  /** Row of the table. */
  title: string;
  host: string;
  /** Largest ratio that is allowed. */
  target?: number;
  /** Pieces of work in one round. */
  count: number;
  /** A connection of its own for each piece of work. */
  newConnections?: boolean;
  /** Shows a client certificate. */
  certificate?: boolean;
  /** Prepares the simulator. What it gives is told to every client, so it must be plain data. */
  setUp?(simulator: Simulator, ask: Ask): Promise<State>;
  /** One piece of work: one request, or some that follow one another. The bare server gives the same answers to all. */
  work(ask: Ask, state: State): Promise<void>;
}

/** Throws unless the answer is what the scenario is about: the speed of errors is not measured. */
export function expect(answer: Answer, status: number, text = ''): Answer {
  if (answer.status !== status || !answer.body.includes(text)) {
    throw new Error(`expected ${status} ${text}, got ${answer.status} ${answer.body.toString()}`);
  }
  return answer;
}

/** The clients, a process of their own: do the work of a scenario again and again over some connections. */
import { Connection, type ConnectionOptions } from './connection.ts';
import { pace } from './pace.ts';
import type { Scenario } from './scenario.ts';

export interface LoadOrder extends ConnectionOptions {
  /** Name of the scenario. */
  scenario: string;
  state: unknown;
  /** Pieces of work, shared by the connections. */
  count: number;
  connections: number;
  /** How many begin in a second; without it, as many as there are answers. */
  perSecond?: number | undefined;
}

/** Milliseconds that the whole took, or what went wrong. */
export type LoadResult = { ms: number } | { failure: string };

async function run({
  scenario: name,
  state,
  count,
  connections,
  perSecond,
  ...options
}: LoadOrder): Promise<LoadResult> {
  const { SCENARIOS } = await import('../scenarios/scenarios.ts');
  const { SCALE } = await import('../scenarios/scale.ts');
  const scenario = SCENARIOS[name] ?? (SCALE[name] as Scenario);
  const began = performance.now();
  const turn = pace(perSecond);
  let begun = 0;
  const client = async () => {
    let connection: Connection | undefined;
    while (begun < count) {
      await turn(begun++);
      connection ??= await Connection.open(options);
      await scenario.work(connection.ask, state);
      if (!scenario.newConnections) continue;
      connection.close();
      connection = undefined;
    }
    connection?.close();
  };
  await Promise.all(Array.from({ length: connections }, client));
  return { ms: performance.now() - began };
}

process.on('message', (order: LoadOrder | 'usage') => {
  if (order === 'usage') return;
  run(order)
    .catch((error: Error): LoadResult => ({ failure: error.message }))
    .then((result) => process.send!(result));
});
process.channel?.ref();

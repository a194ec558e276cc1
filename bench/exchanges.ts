/** Processor time of exchanges over HTTPS as ratios to a bare Fastify server that reads the same and answers the same bytes. */
import { type RecordedAnswer, startBare } from './lib/bare.ts';
import { Child } from './lib/child.ts';
import { type Ask, Connection } from './lib/connection.ts';
import { compare, type Row } from './lib/figures.ts';
import type { LoadOrder, LoadResult } from './lib/load.ts';
import type { Scenario } from './lib/scenario.ts';
import type { Identity, Simulator } from './lib/simulator.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

const CONNECTIONS = 8;

export interface ExchangeOptions {
  rounds: number;
  /** Names of scenarios; all by default. */
  only?: string[];
  /** Share of the usual number of requests. */
  scale?: number;
}

interface Prepared {
  name: string;
  scenario: Scenario;
  state: unknown;
  answers: RecordedAnswer[];
}

/** Sets a scenario up, does its work once and keeps what was answered. */
async function prepare(name: string, simulator: Simulator, identity: Identity): Promise<Prepared> {
  const scenario = SCENARIOS[name]!;
  const connection = await Connection.open({ port: simulator.port, host: scenario.host, ...shown(scenario, identity) });
  const state = await scenario.setUp?.(simulator, connection.ask);
  const answers: RecordedAnswer[] = [];
  const recording: Ask = async (request) => {
    const { status, type, body } = await connection.ask(request);
    const [route] = request.path.split('?', 1) as [string];
    answers.push({ method: request.method, route, status, type, body: body.toString('base64') });
    return { status, type, body };
  };
  await scenario.work(recording, state);
  connection.close();
  return { name, scenario, state, answers };
}

const shown = ({ certificate }: Scenario, identity: Identity) =>
  certificate ? { cert: identity.certificate + identity.chain, key: identity.privateKey } : {};

/** Microseconds of the server's processor time for one piece of work. */
async function round(server: Child, load: Child, order: LoadOrder): Promise<number> {
  const before = await server.usage();
  const result = await load.ask<LoadResult>(order);
  if ('failure' in result) throw new Error(`${order.scenario}: ${result.failure}`);
  return ((await server.usage()).cpu - before.cpu) / order.count;
}

/** Measures all, on a simulator that is ready. */
export async function measureExchanges(simulator: Simulator, options: ExchangeOptions): Promise<Row[]> {
  const { rounds, only = Object.keys(SCENARIOS), scale = 1 } = options;
  const identity = await simulator.issue('bench.example-supplier.thirdparty.nhs.uk');
  const all: Prepared[] = [];
  for (const name of only) all.push(await prepare(name, simulator, identity));
  const answers = new Map(
    all.flatMap((one) => one.answers).map((answer) => [`${answer.method} ${answer.route}`, answer]),
  );
  const cert = identity.certificate + identity.chain;
  const bare = await startBare({ key: identity.privateKey, cert, answers: [...answers.values()] });
  const load = new Child('bench/lib/load.ts');
  try {
    const rows: Row[] = [];
    for (const { name, scenario, state } of all) {
      const count = Math.ceil(scenario.count * scale);
      const order = { scenario: name, state, host: scenario.host, count, connections: CONNECTIONS };
      const certificate = shown(scenario, identity);
      const { ours, other, ratio } = await compare(
        rounds,
        () => round(simulator.child, load, { ...order, ...certificate, port: simulator.port }),
        () => round(bare.child, load, { ...order, ...certificate, port: bare.port }),
      );
      rows.push({
        title: scenario.title,
        ours: `${Math.round(ours)} µs`,
        other: `${Math.round(other)} µs, bare Fastify`,
        ratio,
        target:
          scenario.target === undefined ? undefined : { text: `<= ${scenario.target}`, met: ratio <= scenario.target },
      });
    }
    return rows;
  } finally {
    await Promise.all([load.stop(), bare.child.stop()]);
  }
}

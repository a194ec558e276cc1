/**
 * Processor time of exchanges over HTTPS as ratios to a bare Fastify server that reads the same and answers the same bytes: flat
 * out, as fast as each can answer, which promises are held against; and beside it while both are asked as often, half as often as
 * the simulator can answer. Then both sleep between requests, which costs either more, and the bare server the more by far.
 */
import { type RecordedAnswer, startBare } from './lib/bare.ts';
import { Child } from './lib/child.ts';
import { type Ask, Connection } from './lib/connection.ts';
import { type Compared, compare, median, type Row } from './lib/figures.ts';
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

interface Round {
  /** Microseconds of the server's processor time for one piece of work. */
  cpu: number;
  /** Pieces of work done in a second. */
  perSecond: number;
}

async function round(server: Child, load: Child, order: LoadOrder): Promise<Round> {
  const before = await server.usage();
  const result = await load.ask<LoadResult>(order);
  if ('failure' in result) throw new Error(`${order.scenario}: ${result.failure}`);
  const { count } = order;
  return { cpu: ((await server.usage()).cpu - before.cpu) / count, perSecond: (count * 1000) / result.ms };
}

interface Side {
  child: Child;
  port: number;
}

/** Processor time of a piece of work on both sides, and how many a second each did. */
type Load = Compared & { perSecond: { ours: number; other: number } };

async function alternate(
  rounds: number,
  [ours, other]: [Side, Side],
  load: Child,
  order: Omit<LoadOrder, 'port'>,
): Promise<Load> {
  const rates = { ours: [] as number[], other: [] as number[] };
  const side =
    (name: keyof typeof rates, { child, port }: Side) =>
    async () => {
      const { cpu, perSecond } = await round(child, load, { ...order, port });
      rates[name].push(perSecond);
      return cpu;
    };
  const compared = await compare(rounds, side('ours', ours), side('other', other));
  return { ...compared, perSecond: { ours: median(rates.ours), other: median(rates.other) } };
}

const number = (value: number) => Math.round(value).toLocaleString('en-GB');

function row({ title, target }: Scenario, flatOut: Load, same: Load): Row {
  const { ours, other, ratio, perSecond } = flatOut;
  const half = `${number(same.ours)} and ${number(same.other)} µs, ${same.ratio.toFixed(2)}`;
  return {
    title,
    ours: `${number(ours)} µs`,
    other: `${number(other)} µs, bare Fastify`,
    ratio,
    target: target === undefined ? undefined : { text: `<= ${target}`, met: ratio <= target },
    note: `${number(perSecond.ours)} and ${number(perSecond.other)}/s; both at ${number(same.perSecond.ours)}/s: ${half}`,
  };
}

/** Measures all, on a simulator that is ready. */
export async function measureExchanges(simulator: Simulator, options: ExchangeOptions): Promise<Row[]> {
  const { rounds, only = Object.keys(SCENARIOS), scale = 1 } = options;
  const identity = await simulator.issue('bench.example-supplier.thirdparty.nhs.uk');
  const prepared: Prepared[] = [];
  for (const name of only) prepared.push(await prepare(name, simulator, identity));
  const answers = new Map(
    prepared.flatMap((one) => one.answers).map((answer) => [`${answer.method} ${answer.route}`, answer]),
  );
  const cert = identity.certificate + identity.chain;
  const bare = await startBare({ key: identity.privateKey, cert, answers: [...answers.values()] });
  const load = new Child('bench/lib/load.ts');
  try {
    const rows: Row[] = [];
    for (const { name, scenario, state } of prepared) {
      const count = Math.ceil(scenario.count * scale);
      const order = { scenario: name, state, host: scenario.host, count, connections: CONNECTIONS };
      const all = { ...order, ...shown(scenario, identity) };
      const sides: [Side, Side] = [simulator, bare];
      const flatOut = await alternate(rounds, sides, load, all);
      const half = { count: Math.ceil(count / 2), perSecond: flatOut.perSecond.ours / 2 };
      rows.push(row(scenario, flatOut, await alternate(rounds, sides, load, { ...all, ...half })));
    }
    return rows;
  } finally {
    await Promise.all([load.stop(), bare.child.stop()]);
  }
}

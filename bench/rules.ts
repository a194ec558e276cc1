/**
 * What 1,000 rules cost: processor time of a PDS retrieval that none of them decides, beside the same without any rule.
 *
 *     node bench/rules.ts [rounds] [requests per round]
 *
 * 400 rules are for this interaction, each for another patient, 100 of them with an XPath beside it; 600 for other interactions
 * and services. At most 20 % more is allowed.
 */
import { Child } from './lib/child.ts';
import { compare, type Row } from './lib/figures.ts';
import type { LoadResult } from './lib/load.ts';
import { Simulator, temporaryFolder } from './lib/simulator.ts';
import { table } from './lib/table.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

const RULES = 1_000;
const FOR_THIS = 400;
const WITH_XPATH = 100;
const ALLOWED = 1.2;
const CONNECTIONS = 8;
const NAME = 'retrieval';

const [rounds = 7, count = 2_000] = process.argv.slice(2).map(Number);

function rule(n: number): object {
  const action = { answer: { status: 503, body: String(n) } };
  const name = `rule-${n}`;
  if (n >= FOR_THIS) {
    const service = ['mesh', 'gas', 'sso', 'messaging'][n % 4];
    return {
      name,
      when: { service, interaction: `OTHER_IN${n}UK01`, nhsNumber: String(9_990_000_000 + n) },
      do: action,
    };
  }
  const when = { service: 'messaging', interaction: 'QUPA_IN000008UK02', nhsNumber: String(9_990_000_000 + n) };
  const xpath = n < WITH_XPATH ? { '//hl7:retrievalItem/@code': `item-${n}` } : undefined;
  return { name, when: xpath ? { ...when, xpath } : when, do: action };
}

const plain = await Simulator.start(temporaryFolder());
const ruled = await Simulator.start(temporaryFolder());
for (let n = 0; n < RULES; n++) await ruled.admin('POST', '/api/rules', rule(n));
const load = new Child('bench/lib/load.ts');
const scenario = SCENARIOS[NAME]!;
const round = async (simulator: Simulator) => {
  const { privateKey, certificate, chain } = await simulator.issue('bench.example-supplier.thirdparty.nhs.uk');
  const before = await simulator.child.usage();
  const order = { scenario: NAME, state: undefined, host: scenario.host, count, connections: CONNECTIONS };
  const result = await load.ask<LoadResult>({
    ...order,
    port: simulator.port,
    cert: certificate + chain,
    key: privateKey,
  });
  if ('failure' in result) throw new Error(result.failure);
  return ((await simulator.child.usage()).cpu - before.cpu) / count;
};
const { ours, other, ratio } = await compare(
  rounds,
  () => round(ruled),
  () => round(plain),
);
const row: Row = {
  title: `PDS retrieval with ${RULES} rules`,
  ours: `${Math.round(ours)} µs`,
  other: `${Math.round(other)} µs, none`,
  ratio,
  target: { text: `<= ${ALLOWED}`, met: ratio <= ALLOWED },
};
await Promise.all([plain.stop(), ruled.stop(), load.stop()]);
console.log(table([row]));
process.exit(row.target!.met ? 0 : 1);

/** A space and facts for tests of rules. */
import { Clock } from '../../server/core/clock/clock.ts';
import { Ids } from '../../server/core/ids/ids.ts';
import type { RuleSpace } from '../../server/core/rules/decision.ts';
import { Rules } from '../../server/core/rules/engine.ts';
import type { RuleFacts } from '../../server/core/rules/facts.ts';
import { openStore } from '../../server/core/store/open.ts';
import type { Store } from '../../server/core/store/store.ts';

const WORLD = {
  systems: new Map([['200000000901', { asid: '200000000901', partyKey: 'Z99901-0009901', name: 'A & B' }]]),
  patients: {
    get: async (nhsNumber: string) => (nhsNumber === '9996010007' ? { nhsNumber, birth: '19840229' } : undefined),
  },
};

export function space(name = 'default', seed = 'seed'): RuleSpace {
  const clock = new Clock();
  clock.freeze();
  clock.set(Date.parse('2026-03-01T09:00:00Z'));
  return { name, clock, ids: new Ids(`${seed}/${name}`), world: WORLD as unknown as RuleSpace['world'] };
}

/** The facts of a PDS retrieval over the synchronous channel, but for what is given. */
export function facts(changes: Partial<RuleFacts> = {}): RuleFacts {
  return {
    service: 'messaging',
    operation: 'sync',
    interaction: 'QUPA_IN000008UK02',
    direction: 'inbound',
    protocol: 'http',
    method: 'POST',
    path: '/sync-service',
    nhsNumber: '9996010007',
    asid: '200000000901',
    ...changes,
  };
}

/** Rules of the default space, refused definitions being an error. */
export async function rulesOf(definitions: object[], options: { store?: Store; folder?: string } = {}): Promise<Rules> {
  const rules = new Rules({ store: options.store ?? (await openStore({ engine: 'memory' })), folder: options.folder });
  // The newest of the admin API decides among equals, so the first written is put last.
  for (const definition of definitions.toReversed()) {
    const problems = await rules.put('default', definition);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  }
  return rules;
}

/** A rule that answers with its own name. */
export function answering(name: string, when: object, more: object = {}): object {
  return { name, when, do: { answer: { body: name } }, ...more };
}

/** Name of the rule that decides. */
export async function decides(rules: Rules, given: RuleFacts = facts(), where = space()): Promise<string | undefined> {
  return (await rules.evaluate(where, given))?.rule;
}

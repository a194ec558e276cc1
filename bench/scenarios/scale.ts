/** The same queries for some thousand different people, one after the other: measured by `patients.ts`, among few and many. */
import { expect, type Scenario } from '../lib/scenario.ts';
import { HOST, type Person, retrievalOf, traceOf } from './people.ts';

let turn = 0;
const next = (people: Person[]): Person => people[turn++ % people.length]!;

const COMMON = { host: HOST, count: 3_000, certificate: true } as const;

export const SCALE: Record<string, Scenario<Person[]>> = {
  'retrieval-of-many': {
    ...COMMON,
    title: 'Retrieval by number',
    async work(ask, people) {
      expect(await ask(retrievalOf(next(people))), 200, 'queryResponseCode code="OK"');
    },
  },
  'trace-of-many': {
    ...COMMON,
    title: 'Simple trace by name, birth date, gender, postcode',
    async work(ask, people) {
      expect(await ask(traceOf(next(people))), 200, 'PdsTraceMatch');
    },
  },
};

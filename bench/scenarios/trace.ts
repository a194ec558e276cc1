/** A simple trace by mutual TLS, as a retrieval but by name, birth date, gender and postcode. */
import { expect, type Scenario } from '../lib/scenario.ts';
import { HOST, NAMED, traceOf } from './people.ts';

const REQUEST = traceOf(NAMED);

export const TRACE: Scenario = {
  title: 'PDS simple trace (QUPA_IN000005UK01)',
  host: HOST,
  target: 5,
  count: 3_000,
  certificate: true,
  async work(ask) {
    expect(await ask(REQUEST), 200, 'PdsTraceMatch');
  },
};

/** What every exchange costs before and after its service does anything: front door, routing, journal, log. */
import { expect, type Scenario } from '../lib/scenario.ts';

export const FRAME: Scenario = {
  title: 'MESH ping: the frame of an exchange',
  host: 'msg.int.spine2.ncrs.nhs.uk',
  count: 3_000,
  certificate: true,
  async work(ask) {
    expect(await ask({ method: 'GET', path: '/messageexchange/_ping' }), 200);
  },
};

/**
 * ebXML messages by mutual TLS: a GP summary is parsed, checked, kept with its bytes and acknowledged. Without a response, so that the
 * exchange alone is measured; deliveries have a measurement of their own (`bench/deliveries.ts`).
 */
import { randomUUID } from 'node:crypto';
import { ebxmlRequest, HOST } from '../../test/services/messaging/requests.ts';
import { expect, type Scenario } from '../lib/scenario.ts';

const FIXED = '0A11B5C0-0002-4000-8000-000000000001';
const { headers, body } = ebxmlRequest({ messageId: FIXED });
const TEXT = body.toString('latin1');

export const RELIABLE: Scenario<null> = {
  title: 'Reliable ebXML message (REPC_IN150016UK05), kept and acknowledged',
  host: HOST,
  count: 1_000,
  certificate: true,
  async setUp(simulator) {
    const when = { service: 'messaging', operation: 'reliable' };
    await simulator.admin('POST', '/api/rules', { name: 'bench', when, do: { messaging: { response: 'none' } } });
    return null;
  },
  async work(ask) {
    const own = TEXT.replaceAll(FIXED, randomUUID().toUpperCase());
    const request = {
      method: 'POST',
      path: '/reliablemessaging/reliablerequest',
      headers: { ...headers, Connection: 'keep-alive' },
      body: Buffer.from(own, 'latin1'),
    };
    expect(await ask(request), 202, 'Acknowledgment');
  },
};

/**
 * A synchronous PDS retrieval by mutual TLS: parse, check, look up, journal, build. On kept connections the message itself
 * weighs; with a new connection for each, as many message handlers send them, the handshake does.
 */

import { HOST, soapAction, syncRequest } from '../../test/services/messaging/requests.ts';
import { expect, type Scenario } from '../lib/scenario.ts';

/** Spine keeps a connection only for a client that asks for it by name. */
const HEADERS = { ...soapAction(), Connection: 'keep-alive' };
const REQUEST = { method: 'POST', path: '/sync-service', headers: HEADERS, body: syncRequest() };

export const RETRIEVAL: Scenario = {
  title: 'PDS retrieval (QUPA_IN000008UK02)',
  host: HOST,
  target: 5,
  count: 3_000,
  certificate: true,
  async work(ask) {
    expect(await ask(REQUEST), 200, 'queryResponseCode code="OK"');
  },
};

export const RETRIEVAL_NEW_CONNECTIONS: Scenario = {
  ...RETRIEVAL,
  title: 'the same, a new connection each',
  target: undefined,
  count: 300,
  newConnections: true,
};

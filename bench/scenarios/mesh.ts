/** MESH: sending a message, listing an inbox of ten, downloading one of them; each request with a token of its own. */
import { randomUUID } from 'node:crypto';
import { authorizationOf, HOST, timestampOf } from '../../test/services/mesh/client.ts';
import type { Ask } from '../lib/connection.ts';
import { expect, type Scenario } from '../lib/scenario.ts';

/** What sends are measured with goes to another mailbox than the ten that are listed. */
const [SENDER, READER, SINK] = ['X26ABC1', 'X26ABC2', 'X26ABC3'];

const WAITING = 10;
const BODY = 'A,line,of,a,file,that,is,sent\n'.repeat(340);

const nonce = randomUUID();
let used = 0;

function token(mailbox: string): string {
  const timestamp = timestampOf(Date.now());
  return authorizationOf({ mailbox, nonce, count: String(used++), timestamp, password: 'password', key: 'TestKey' });
}

function headers(mailbox: string, more: Record<string, string> = {}): Record<string, string> {
  const client = {
    'Mex-ClientVersion': 'bench==1.0',
    'Mex-OSName': 'Linux',
    'Mex-OSVersion': '6',
    'Mex-OSArchitecture': 'x86_64',
  };
  return { Authorization: token(mailbox), ...client, ...more };
}

async function send(ask: Ask, to: string): Promise<string> {
  const more = {
    'Mex-From': SENDER!,
    'Mex-To': to,
    'Mex-WorkflowID': 'BENCH',
    'Mex-FileName': 'file.csv',
    'Content-Type': 'text/csv',
  };
  const path = `/messageexchange/${SENDER}/outbox`;
  const answer = await ask({ method: 'POST', path, headers: headers(SENDER!, more), body: BODY });
  return (JSON.parse(expect(answer, 202).body.toString()) as { messageID: string }).messageID;
}

const CLIENT = { host: HOST, count: 2_000, certificate: true };

export const SEND: Scenario = {
  ...CLIENT,
  title: 'MESH send, 10 kB',
  async work(ask) {
    await send(ask, SINK!);
  },
};

/** Message ids in the inbox. */
type Inbox = string[];

async function fill(ask: Ask): Promise<Inbox> {
  const ids: Inbox = [];
  while (ids.length < WAITING) ids.push(await send(ask, READER!));
  return ids;
}

export const LIST: Scenario<Inbox> = {
  ...CLIENT,
  title: 'MESH list, 10 messages',
  setUp: (_simulator, ask) => fill(ask),
  async work(ask, ids) {
    const answer = await ask({ method: 'GET', path: `/messageexchange/${READER}/inbox`, headers: headers(READER!) });
    expect(answer, 200, ids[0]);
  },
};

export const DOWNLOAD: Scenario<Inbox> = {
  ...CLIENT,
  title: 'MESH download, 10 kB',
  setUp: (_simulator, ask) => fill(ask),
  async work(ask, [id]) {
    const path = `/messageexchange/${READER}/inbox/${id}`;
    expect(await ask({ method: 'GET', path, headers: headers(READER!) }), 200);
  },
};

/** A MESH client that asks as much as a server can answer: kept connections, a token for each request. */
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:https';
import { pace } from '../lib/pace.ts';

export const HOST = 'msg.dev.spine2.ncrs.nhs.uk';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export class Client {
  readonly mailbox: string;
  readonly #agent: Agent;
  readonly #port: number;
  readonly #nonce = randomUUID();
  #count = 0;

  constructor(port: number, mailbox: string, connections: number) {
    this.#port = port;
    this.mailbox = mailbox;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** `keep`: false drops the bytes of the answer as they come. */
  ask(
    method: string,
    path: string,
    ask: { headers?: Record<string, string>; body?: Buffer; keep?: boolean } = {},
  ): Promise<Answer> {
    const { headers, body, keep = true } = ask;
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          servername: HOST,
          agent: this.#agent,
          rejectUnauthorized: false,
          method,
          path: `/messageexchange/${this.mailbox}${path}`,
          headers: {
            Host: HOST,
            Accept: 'application/vnd.mesh.v2+json',
            Authorization: this.#token(),
            'Content-Length': String(body?.length ?? 0),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => keep && chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** Throws unless the answer has one of these statuses. */
  async expect(statuses: number[], ...ask: Parameters<Client['ask']>): Promise<Answer> {
    const answer = await this.ask(...ask);
    if (!statuses.includes(answer.status)) throw new Error(`${ask[0]} ${ask[1]}: ${answer.status} ${answer.body}`);
    return answer;
  }

  /** Sends one message and gives its id. */
  async send(to: string, body: Buffer, headers: Record<string, string> = {}): Promise<string> {
    const given = { 'Mex-To': to, 'Mex-WorkflowID': 'TEST_WORKFLOW', ...headers };
    const { body: json } = await this.expect([202], 'POST', '/outbox', { body, headers: given });
    return JSON.parse(json.toString()).message_id;
  }

  async inbox(): Promise<string[]> {
    return JSON.parse((await this.expect([200], 'GET', '/inbox?max_results=100')).body.toString()).messages;
  }

  #token(): string {
    const timestamp = new Date().toISOString().replace(/[-:T]/g, '').slice(0, 12);
    const parts = [this.mailbox, this.#nonce, String(this.#count++)];
    const hash = createHmac('sha256', 'TestKey')
      .update([...parts, 'password', timestamp].join(':'))
      .digest('hex');
    return `NHSMESH ${[...parts, timestamp, hash].join(':')}`;
  }
}

/** Runs `work` `count` times, `at` at once, no more than so many a second. */
export async function times(
  count: number,
  at: number,
  work: (index: number) => Promise<unknown>,
  perSecond?: number,
): Promise<void> {
  const turn = pace(perSecond);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      await turn(index);
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: at }, worker));
}

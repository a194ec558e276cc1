/** A MESH client for tests, with the Authorization header as the public clients make it: one nonce, and a count that rises. */
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import type { Spine } from '../../helper.ts';

export const HOST = 'msg.int.spine2.ncrs.nhs.uk';
export const V2 = 'application/vnd.mesh.v2+json';

export interface MeshAnswer {
  status: number;
  reason: string;
  /** By name in lower case. */
  headers: Record<string, string>;
  /** Names as they stood on the wire. */
  names: string[];
  body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

export interface MeshAsk {
  headers?: Record<string, string | undefined>;
  body?: string | Buffer | Readable;
  /** In place of a fresh token; null sends none. */
  authorization?: string | null;
}

export interface TokenParts {
  mailbox: string;
  nonce: string;
  count: string;
  timestamp: string;
  password: string;
  key: string;
}

export function authorizationOf(parts: TokenParts): string {
  const { mailbox, nonce, count, timestamp, password, key } = parts;
  const hash = createHmac('sha256', key).update([mailbox, nonce, count, password, timestamp].join(':')).digest('hex');
  return `NHSMESH ${mailbox}:${nonce}:${count}:${timestamp}:${hash}`;
}

export function timestampOf(at: number): string {
  return new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 12);
}

export class MeshClient {
  readonly mailbox: string;
  readonly #spine: Spine;
  readonly #options: { password?: string; accept?: string; space?: string; host?: string };
  readonly #agent = new Agent({ keepAlive: true });
  readonly #nonce = randomUUID();
  #count = 0;

  constructor(
    spine: Spine,
    mailbox: string,
    options: { password?: string; accept?: string; space?: string; host?: string } = {},
  ) {
    this.#spine = spine;
    this.mailbox = mailbox;
    this.#options = options;
  }

  get space() {
    return this.#spine.environment.core.spaces.get(this.#options.space ?? 'default');
  }

  /** The parts of the next token. */
  parts(): TokenParts {
    return {
      mailbox: this.mailbox,
      nonce: this.#nonce,
      count: String(this.#count++),
      timestamp: timestampOf(this.space.clock.now()),
      password: this.#options.password ?? 'password',
      key: 'TestKey',
    };
  }

  close(): void {
    this.#agent.destroy();
  }

  /** `path` after the mailbox, or from the root when it begins with `//`. */
  ask(method: string, path: string, ask: MeshAsk = {}): Promise<MeshAnswer> {
    const token = ask.authorization === undefined ? authorizationOf(this.parts()) : ask.authorization;
    const host = this.#options.host ?? HOST;
    const given: Record<string, string | undefined> = {
      Host: host,
      Accept: this.#options.accept ?? V2,
      Authorization: token ?? undefined,
      'X-Spine-Sim-Space': this.#options.space,
      ...ask.headers,
    };
    const headers = Object.fromEntries(
      Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const options = {
      host: '127.0.0.1',
      port: this.#spine.environment.ports.https,
      servername: host,
      ca: this.#spine.ca,
      agent: this.#agent,
      method,
      path: path.startsWith('//') ? path.slice(1) : `/messageexchange/${this.mailbox}${path}`,
      headers,
    };
    return new Promise((resolve, reject) => {
      const request = httpsRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          const names = response.rawHeaders.filter((_, index) => index % 2 === 0);
          const isJson = response.headers['content-type']?.includes('json') && body.length > 0;
          resolve({
            status: response.statusCode ?? 0,
            reason: response.statusMessage ?? '',
            headers: response.headers as Record<string, string>,
            names,
            body,
            json: isJson ? JSON.parse(body.toString()) : undefined,
          });
        });
      });
      request.on('error', reject);
      if (ask.body !== undefined && typeof ask.body === 'object' && 'pipe' in ask.body) ask.body.pipe(request);
      else request.end(ask.body);
    });
  }

  handshake(): Promise<MeshAnswer> {
    const headers = { 'mex-ClientVersion': 'mesh_client==4.0.0', 'mex-OSName': 'Linux', 'mex-OSVersion': '6.1' };
    return this.ask('POST', '', { headers });
  }

  list(query = ''): Promise<MeshAnswer> {
    return this.ask('GET', `/inbox${query}`);
  }

  send(
    to: string,
    body: string | Buffer | Readable,
    headers: Record<string, string | undefined> = {},
  ): Promise<MeshAnswer> {
    return this.ask('POST', '/outbox', { body, headers: { 'Mex-To': to, 'Mex-WorkflowID': 'TEST', ...headers } });
  }

  /** Sends and gives the id. */
  async sent(
    to: string,
    body: string | Buffer | Readable,
    headers: Record<string, string | undefined> = {},
  ): Promise<string> {
    const { json } = await this.send(to, body, headers);
    return json.message_id ?? json.messageID;
  }

  chunk(id: string, number: number, total: number, body: string | Buffer, headers: Record<string, string> = {}) {
    return this.ask('POST', `/outbox/${id}/${number}`, {
      body,
      headers: { 'Mex-Chunk-Range': `${number}:${total}`, ...headers },
    });
  }

  get(id: string, headers: Record<string, string | undefined> = {}): Promise<MeshAnswer> {
    return this.ask('GET', `/inbox/${id}`, { headers });
  }

  acknowledge(id: string): Promise<MeshAnswer> {
    return this.ask('PUT', `/inbox/${id}/status/acknowledged`);
  }

  track(id: string): Promise<MeshAnswer> {
    return this.ask('GET', `/outbox/tracking?messageID=${id}`);
  }
}

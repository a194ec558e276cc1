/** The bridge's calls to MESH: a token for each request, bodies streamed. */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Readable } from 'node:stream';
import { Ids } from '../../core/ids/ids.ts';
import { tokenHash } from '../../services/mesh/authorization/token.ts';
import { compactTime } from '../../services/mesh/times.ts';

export interface MeshAddress {
  /** Such as `https://msg.dev.spine2.ncrs.nhs.uk:8443`. */
  baseUrl: string;
  /** Where the socket goes, when the name in the URL does not resolve. */
  connectTo?: string | undefined;
  /** PEM of the CA to trust. */
  ca: string;
  /** Client certificate with its key, where the service asks for one. */
  cert?: string | undefined;
  key?: string | undefined;
  headers?: Record<string, string> | undefined;
  mailbox: string;
  password: string;
  sharedKey: string;
  /** Simulated time in milliseconds: tokens carry it. */
  now(): number;
}

/** Longest silence of the server, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Largest answer that is read as text: a full page of the inbox has about 150 kB. */
const MAX_TEXT_BYTES = 4 << 20;

export interface MeshAsk {
  headers?: Record<string, string>;
  body?: Readable | undefined;
}

export class MeshHttp {
  readonly #address: MeshAddress;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #nonce = new Ids().uuid();
  #count = 0;

  constructor(address: MeshAddress) {
    this.#address = address;
  }

  get mailbox(): string {
    return this.#address.mailbox;
  }

  now(): number {
    return this.#address.now();
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Resolves with the head of the answer, whose body is to be read. Rejects when there is no answer. */
  ask(method: string, path: string, { headers, body }: MeshAsk = {}): Promise<IncomingMessage> {
    const { baseUrl, connectTo, ca, cert, key, headers: always } = this.#address;
    const url = new URL(`/messageexchange/${encodeURIComponent(this.mailbox)}${path}`, baseUrl);
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: connectTo ?? url.hostname,
          port: url.port || 443,
          servername: url.hostname,
          ca,
          cert,
          key,
          method,
          path: url.pathname + url.search,
          headers: { Host: url.host, Authorization: this.#token(), ...always, ...headers },
          agent: this.#agent,
          timeout: TIMEOUT_MS,
        },
        resolve,
      );
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`)));
      sent.on('error', reject);
      if (!body) {
        sent.end();
        return;
      }
      body.once('error', (error) => sent.destroy(error));
      body.pipe(sent);
    });
  }

  /** As `ask`, with the whole body as text. */
  async askText(method: string, path: string, ask?: MeshAsk): Promise<{ status: number; text: string }> {
    const answer = await this.ask(method, path, ask);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer) {
      size += (chunk as Buffer).length;
      if (size > MAX_TEXT_BYTES)
        throw new Error(`the answer to ${method} ${path} has more than ${MAX_TEXT_BYTES} bytes`);
      chunks.push(chunk as Buffer);
    }
    return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
  }

  #token(): string {
    const { mailbox, password, sharedKey } = this.#address;
    const parts = {
      mailbox,
      nonce: this.#nonce,
      nonceCount: String(this.#count++),
      timestamp: compactTime(this.now()).slice(0, 12),
    };
    return `NHSMESH ${[...Object.values(parts), tokenHash(parts, password, sharedKey)].join(':')}`;
  }
}

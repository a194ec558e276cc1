/**
 * One client connection over TLS: sends a request, waits for its answer, sends the next. Written on the socket itself, so that
 * the client costs little beside the server that is measured.
 */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';

export interface Request {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Answer {
  status: number;
  /** Of the content. */
  type: string;
  body: Buffer;
}

export type Ask = (request: Request) => Promise<Answer>;

export interface ConnectionOptions {
  port: number;
  /** Host name for SNI and Host header. */
  host: string;
  cert?: string | undefined;
  key?: string | undefined;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

export class Connection {
  readonly #socket: TLSSocket;
  readonly #host: string;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  private constructor(socket: TLSSocket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** Nobody checks certificates here: a ratio needs the same work on both sides, and the bare server has a client's. */
  static async open({ port, host, cert, key }: ConnectionOptions): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', servername: host, cert, key, rejectUnauthorized: false });
    socket.setNoDelay(true);
    await once(socket, 'secureConnect');
    return new Connection(socket, host);
  }

  readonly ask: Ask = ({ method, path, headers = {}, body = '' }) => {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${this.#host}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (method !== 'GET') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    const head = `${lines.join('\r\n')}\r\n\r\n`;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head), body]));
    });
  };

  close(): void {
    this.#socket.removeAllListeners('close').destroy();
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(HEAD_END);
    if (end < 0 || !this.#waiting) return;
    const head = this.#received.toString('latin1', 0, end);
    const body = bodyOf(head, this.#received.subarray(end + HEAD_END.length));
    if (!body) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    this.#received = Buffer.alloc(0);
    const type = /^content-type: *(.*)$/im.exec(head)?.[1] ?? 'application/octet-stream';
    resolve({ status: Number(head.slice(9, 12)), type, body });
  }
}

/** The whole body, or undefined while some of it is missing. A body in chunks is given as it came: nobody reads it. */
function bodyOf(head: string, rest: Buffer): Buffer | undefined {
  const length = /^content-length: *(\d+)/im.exec(head)?.[1];
  if (length !== undefined) return rest.length >= Number(length) ? rest : undefined;
  if (/^transfer-encoding: *chunked/im.test(head)) return rest.subarray(-5).equals(LAST_CHUNK) ? rest : undefined;
  return rest;
}

/**
 * The agent's ticket over HTTP on loopback, for applications that would ask a ticket API on the same machine: `getTicket` logs in when
 * there is no session, `getTicketNoAuth` does not, `destroyTicket` logs out.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AgentLogin, type LoginOptions, login, logout } from './login.ts';

/** Longest life of an SSO session that GAS announces; after that the agent logs in again by itself. */
const SESSION_MS = 600 * 60_000;

interface Reply {
  status: number;
  body: object | string;
}

const NO_TICKET = { success: false, errorCode: 'ticket-not-available', errorDescription: 'nobody is logged in' };

export class TicketServer {
  readonly #options: LoginOptions;
  #login: Promise<AgentLogin> | undefined;
  #since = 0;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** The session, begun if there is none. Rejects with what `login` says. */
  session(): Promise<AgentLogin> {
    if (this.#login && performance.now() - this.#since < SESSION_MS) return this.#login;
    this.#since = performance.now();
    this.#login = login(this.#options);
    this.#login.catch(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  /** Ends the session, as taking out the card does. */
  async end(): Promise<void> {
    const login = await this.#login?.catch(() => undefined);
    this.#login = undefined;
    if (login) await logout(this.#options, login.ticket);
  }

  /** Not yet listening. */
  server(): Server {
    return createServer((request, response) => {
      this.#answer(request)
        .catch((error: Error): Reply => ({ status: 502, body: failure(error) }))
        .then((reply) => send(response, reply));
    });
  }

  async #answer({ method, url = '/', headers }: IncomingMessage): Promise<Reply> {
    // Pages of other origins must not read it; programs send no Origin.
    if (headers.origin !== undefined)
      return { status: 403, body: failure(new Error('pages of other origins are refused')) };
    const call = `${method} ${url.split('?', 1)[0]}`;
    if (call === 'GET /ticket') return { status: 200, body: (await this.session()).ticket };
    if (call === 'GET /getTicket') return ticketReply(await this.session());
    if (call === 'GET /getTicketNoAuth') {
      return this.#login ? ticketReply(await this.#login) : { status: 404, body: NO_TICKET };
    }
    if (call === 'POST /getNewTicket' || call === 'POST /destroyTicket') {
      await this.end();
      return call === 'POST /getNewTicket'
        ? ticketReply(await this.session())
        : { status: 200, body: { success: true } };
    }
    const calls = 'GET /ticket, GET /getTicket, GET /getTicketNoAuth, POST /getNewTicket, POST /destroyTicket';
    return { status: 404, body: failure(new Error(`there are ${calls}`)) };
  }
}

const ticketReply = ({ ticket, cn, role }: AgentLogin): Reply => ({
  status: 200,
  body: { success: true, data: { tokenId: ticket, user: cn, role } },
});

const failure = (error: Error) => ({ success: false, errorCode: 'failed', errorDescription: error.message });

function send(response: ServerResponse, { status, body }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

/** Calls to partners, each in the journal. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Exchange, type ExchangeContext } from '../exchange/exchange.ts';
import type { HeaderLine } from '../http/answer.ts';
import { headerLines } from '../http/httpExchange.ts';
import type { Identity } from '../journal/entry.ts';
import type { Credentials, Pki } from '../pki/pki.ts';
import { DEFAULT_SPACE, SPACE_HEADER } from '../space/space.ts';
import type { ResolvedSpace } from '../space/spaces.ts';
import { Agents, type TrustSettings } from './agents.ts';
import { call, type Timeouts } from './call.ts';
import { brokenOff, OutboundFailure } from './failure.ts';
import { MAX_COLLECTED_BYTES } from './limits.ts';
import { tap } from './tap.ts';
import { type Address, type AddressBook, addressOf, readTarget, type Target } from './target.ts';

export interface OutboundSettings extends TrustSettings {
  connect: Readonly<Record<string, string>>;
  connectTimeoutMs: number;
  responseTimeoutMs: number;
  idleTimeoutMs: number;
  answerTimeoutMs: number;
}

export interface OutboundRequest {
  /** Space of the exchange that makes the call. */
  resolved: ResolvedSpace;
  /** Name of the calling service, and of what it does, in the journal. */
  service: string;
  operation: string;
  interaction?: string | undefined;
  identity?: Identity | undefined;
  method: string;
  /** Absolute; path and query go out byte for byte. */
  url: string;
  /**
   * In wire order and case. Host is put first where there is none, and Content-Length last; a body that is a stream needs
   * Content-Length or Transfer-Encoding.
   */
  headers: HeaderLine[];
  body?: Readable | Buffer | undefined;
  /** Common name of the certificate to show: one of the outbound names of the PKI. */
  cn?: string | undefined;
  /** Shown in place of those of the environment; `cn` is then their name. */
  credentials?: Credentials | undefined;
  /** Take a trusted certificate whatever name it is for: partners that are reached by another name or by address. */
  anyName?: boolean | undefined;
  timeouts?: Partial<Timeouts> | undefined;
  /**
   * Called when a partner that was asked by `Expect: 100-continue` says 100, or says nothing for a while (`said` is false): whoever
   * holds the body may send it. Not called when it answers without one.
   */
  goOn?: ((said: boolean) => void) | undefined;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
  /** Called with the exchange before the call, to note what led to it. */
  note?: ((exchange: Exchange) => void) | undefined;
}

export interface OutboundAnswer {
  status: number;
  reason: string;
  headers: HeaderLine[];
  /** Must be read or destroyed. Fails with OutboundFailure. */
  body: IncomingMessage;
  /** Id of the journal entry. */
  id: string;
}

/** An answer that was read to its end. */
export type WholeAnswer = Pick<OutboundAnswer, 'status' | 'headers'> & { body: Buffer };

export class Outbound {
  #context: ExchangeContext;
  #settings: OutboundSettings;
  #agents: Agents;
  #book: AddressBook;

  constructor(context: ExchangeContext, pki: Pki, settings: OutboundSettings) {
    this.#context = context;
    this.#settings = settings;
    this.#agents = new Agents(pki, settings);
    this.#book = { connect: settings.connect, own: undefined };
  }

  /** Tells where our own HTTPS listener is bound: calls to our own host names go there. */
  listensAt(host: string, port: number): void {
    const wildcard = host === '0.0.0.0' || host === '::' || host === '';
    this.#book = { ...this.#book, own: { host: wildcard ? '127.0.0.1' : host, port } };
  }

  /** Whether a URL leads to our own HTTPS listener, by one of our names or by its address. */
  leadsHome(url: string): boolean {
    const target = readTarget(url);
    const { own } = this.#book;
    if (!target || !own) return false;
    const { host, port } = addressOf(target, this.#book);
    const local = (name: string) => name === 'localhost' || name === '::1' || name.startsWith('127.');
    return port === own.port && (host === own.host || (local(host) && local(own.host)));
  }

  /** PEM of the authorities that partners' certificates may lead to. */
  trusted(): string[] {
    return this.#agents.trusted();
  }

  /** Where the socket of a call to a host and port goes. */
  whereIs(name: string, port: number): Address {
    return addressOf({ secure: true, authority: `${name}:${port}`, name, port, path: '/' }, this.#book);
  }

  /** Calls a partner; resolves with the head of its answer. Throws OutboundFailure, noted in the journal. */
  async send(ask: OutboundRequest): Promise<OutboundAnswer> {
    return (await this.#send(ask, (exchange) => exchange.close())).answer;
  }

  /**
   * Calls a partner and reads its answer to the end; `judge` says in the journal what it is worth. Throws OutboundFailure, noted
   * there too.
   */
  async ask<T>(
    ask: OutboundRequest,
    judge: (exchange: Exchange, answer: WholeAnswer) => T,
    limit?: number,
  ): Promise<T> {
    const { answer, exchange } = await this.#send(ask, () => {});
    const { status, headers, body } = answer;
    try {
      const whole = await collect(body, limit);
      if (!body.closed) await once(body, 'close');
      return judge(exchange, { status, headers, body: whole });
    } catch (error) {
      if (error instanceof OutboundFailure) closeFailed(exchange, error);
      throw error;
    } finally {
      exchange.close();
    }
  }

  /** The journal's view of a call that is not made, since something else answers for the partner. The caller closes it. */
  instead(ask: OutboundRequest): Exchange {
    const target = readTarget(ask.url);
    if (!target) throw new OutboundFailure('invalid', `${JSON.stringify(ask.url)} is not a URL that can be called`);
    const address = addressOf(target, this.#book);
    const exchange = this.#open(ask, target, address, headersFor(ask, target, address));
    exchange.entry.request.body = bufferBody(ask.body as Buffer | undefined, this.#context.journal.limits.maxBodyBytes);
    return exchange;
  }

  close(): void {
    this.#agents.close();
  }

  async #send(
    ask: OutboundRequest,
    ended: (exchange: Exchange) => void,
  ): Promise<{ answer: OutboundAnswer; exchange: Exchange }> {
    const target = readTarget(ask.url);
    if (!target) throw new OutboundFailure('invalid', `${JSON.stringify(ask.url)} is not a URL that can be called`);
    const address = addressOf(target, this.#book);
    const headers = headersFor(ask, target, address);
    const exchange = this.#open(ask, target, address, headers);
    const kept = this.#context.journal.limits.maxBodyBytes;
    const sent = isStream(ask.body) ? tap(ask.body, kept) : undefined;
    const noteRequest = () => {
      exchange.entry.request.body = sent?.body() ?? bufferBody(ask.body as Buffer | undefined, kept);
    };
    try {
      const message = await this.#call(ask, target, address, headers, exchange);
      this.#note(exchange, message, kept, noteRequest, ended);
      const answer = {
        status: message.statusCode!,
        reason: message.statusMessage ?? '',
        headers: headerPairs(message.rawHeaders),
        body: message,
        id: exchange.id,
      };
      return { answer, exchange };
    } catch (error) {
      noteRequest();
      closeFailed(exchange, error);
      throw error;
    }
  }

  async #call(
    ask: OutboundRequest,
    target: Target,
    address: Address,
    headers: HeaderLine[],
    exchange: Exchange,
  ): Promise<IncomingMessage> {
    const { connectTimeoutMs, responseTimeoutMs, idleTimeoutMs, answerTimeoutMs } = this.#settings;
    const defaults = {
      connectMs: connectTimeoutMs,
      responseMs: responseTimeoutMs,
      idleMs: idleTimeoutMs,
      answerMs: answerTimeoutMs,
    };
    const { method, body, cn, credentials, anyName = false, signal, goOn } = ask;
    const wire = {
      method,
      target,
      address,
      headers,
      body,
      cn,
      credentials,
      anyName,
      signal,
      goOn,
      surplus: () => exchange.step('answer', 'info', SURPLUS),
      timeouts: { ...defaults, ...ask.timeouts },
    };
    return call(this.#agents, wire).catch((error: OutboundFailure) => {
      // RFC 9112 9.3.1: a kept connection may be closed while a request is on its way; one without a body is sent again.
      if (!(error.kind === 'reset' && error.onKeptConnection && body === undefined)) throw error;
      exchange.step('connection', 'info', 'the kept connection was closed; sent again on a new one');
      return call(this.#agents, wire);
    });
  }

  #open(ask: OutboundRequest, target: Target, address: Address, headers: HeaderLine[]): Exchange {
    const exchange = new Exchange(this.#context, {
      protocol: 'http',
      direction: 'outbound',
      service: ask.service,
      resolved: ask.resolved,
      peer: `${address.host}:${address.port}`,
      host: target.authority,
    });
    exchange.operation(ask.operation, ask.interaction);
    Object.assign(exchange.entry.identity, ask.identity);
    exchange.entry.method = ask.method;
    exchange.entry.path = target.path;
    exchange.entry.request.headers = headerLines(headers.flat());
    if (address.because === 'own') exchange.step('address', 'info', `${target.name} is a name of this environment`);
    if (address.because === 'connect') {
      exchange.step('address', 'info', `outbound.connect sends ${target.name} to ${address.host}:${address.port}`);
    }
    ask.note?.(exchange);
    return exchange;
  }

  #note(
    exchange: Exchange,
    message: IncomingMessage,
    kept: number,
    noteRequest: () => void,
    ended: (exchange: Exchange) => void,
  ): void {
    const { entry } = exchange;
    entry.status = message.statusCode;
    entry.response.headers = headerLines(message.rawHeaders);
    const { socket } = message;
    if (socket instanceof TLSSocket) {
      entry.tls = { protocol: socket.getProtocol() ?? undefined, cipher: socket.getCipher()?.standardName };
    }
    const received = tap(message, kept);
    const broken = (error: unknown) =>
      closeFailed(exchange, cut(error, entry.peer, progress(message, received.body().bytes)));
    message.once('error', broken);
    const closed = () => {
      noteRequest();
      entry.response.body = received.body();
      if (!message.complete && !exchange.closed) {
        exchange.fail('cancelled', 'the answer was not read to its end');
      }
      ended(exchange);
    };
    message.once('close', closed);
    // Head and fault came in one piece: Node has told of it when nobody could listen yet.
    if (message.errored) broken(message.errored);
    if (message.closed) closed();
  }
}

/** The whole body of an answer. Throws OutboundFailure; an answer over the limit is of kind `protocol`. */
export async function collect(body: IncomingMessage, limit = MAX_COLLECTED_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const { remoteAddress, remotePort } = body.socket ?? {};
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limit) throw new OutboundFailure('protocol', `the answer is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw cut(error, remoteAddress && `${remoteAddress}:${remotePort}`);
  }
  return Buffer.concat(chunks, bytes);
}

/** An answer that was cut in its middle, in one sentence. */
function cut(error: unknown, where = 'the called system', came = ''): OutboundFailure {
  return error instanceof OutboundFailure ? error : brokenOff(where, came);
}

function progress({ headers }: IncomingMessage, bytes: number): string {
  const announced = headers['content-length'];
  return announced === undefined
    ? `, after ${bytes} bytes`
    : `, after ${bytes} of the ${announced} bytes of Content-Length`;
}

const SURPLUS =
  'more came after the end of the answer, and was left out: Content-Length counts bytes, not characters, and says how many follow';

const isStream = (body: OutboundRequest['body']): body is Readable => body !== undefined && !Buffer.isBuffer(body);

function bufferBody(body: Buffer | undefined, kept: number) {
  return body && { bytes: body.length, content: body.subarray(0, kept) };
}

/** Host first, as RFC 9110 7.2 recommends, unless the caller gave it its place; a call to ourselves stays in its space. */
function headersFor(ask: OutboundRequest, target: Target, address: Address): HeaderLine[] {
  const headers: HeaderLine[] = [...ask.headers];
  const has = (name: string) => headers.some(([header]) => header.toLowerCase() === name.toLowerCase());
  if (!has('host')) headers.unshift(['Host', target.authority]);
  const space = ask.resolved.space.name;
  if (address.because === 'own' && space !== DEFAULT_SPACE && !has(SPACE_HEADER)) headers.push([SPACE_HEADER, space]);
  if (Buffer.isBuffer(ask.body) && !has('content-length')) headers.push(['Content-Length', String(ask.body.length)]);
  return headers;
}

function headerPairs(raw: string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at]!, raw[at + 1]!]);
  return lines;
}

function closeFailed(exchange: Exchange, error: unknown): void {
  if (exchange.closed) return;
  const { kind, message, advice } = error as OutboundFailure;
  exchange.fail(kind ?? 'internal', message);
  if (advice !== undefined) exchange.entry.advice = advice;
  exchange.close();
}

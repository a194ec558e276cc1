/** An HTTP exchange: the raw request beside the journal entry. */
import type { IncomingMessage } from 'node:http';
import { Exchange, type ExchangeContext, type ExchangeInit } from '../exchange/exchange.ts';
import type { Fault } from '../faults/catalogue.ts';
import type { Body } from '../journal/entry.ts';
import type { MessagingWish } from '../rules/definition/messaging.ts';
import { answerByRules, type RaiseError } from '../rules/http.ts';
import type { ClientCertificate } from '../tls/facts.ts';
import type { HeaderLine, HttpAnswer } from './answer.ts';
import { noteExchange } from './connection.ts';

export interface HttpExchangeInit extends ExchangeInit {
  request: IncomingMessage;
  certificate?: ClientCertificate | undefined;
}

export class HttpExchange extends Exchange {
  readonly request: IncomingMessage;
  readonly certificate: ClientCertificate | undefined;
  readonly method: string;
  /** Request target as sent, never decoded or normalised. */
  readonly rawUrl: string;
  /** The target up to the first `?`, as sent. */
  readonly path: string;
  /** Route parameters, percent-decoded. */
  params: Record<string, string> = {};
  /** Set when the body was refused before it was read. */
  bodyRefused = false;
  /** What a rule wishes of messaging; set before the behaviour runs. */
  wish: MessagingWish | undefined;
  #query: URLSearchParams | undefined;
  #body: Buffer = Buffer.alloc(0);
  #ordered: Fault | undefined;

  constructor(context: ExchangeContext, init: HttpExchangeInit) {
    super(context, init);
    this.request = init.request;
    noteExchange(init.request, this);
    this.certificate = init.certificate;
    this.method = init.request.method ?? 'GET';
    this.rawUrl = init.request.url ?? '/';
    const mark = this.rawUrl.indexOf('?');
    this.path = mark < 0 ? this.rawUrl : this.rawUrl.slice(0, mark);
    this.entry.method = this.method;
    this.entry.path = this.rawUrl;
    this.entry.request.headers = headerLines(init.request.rawHeaders);
    if (init.certificate) this.identify({ clientCertificate: init.certificate.cn });
  }

  /** Decoded query; a repeated name keeps all its values. */
  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.rawUrl.slice(this.path.length + 1));
    return this.#query;
  }

  /** The whole body; empty for services that stream it. */
  get body(): Buffer {
    return this.#body;
  }

  /** Value of a request header, or undefined; a repeated one as Node joins it. */
  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /**
   * Runs the user's rules around the default behaviour: a rule may answer instead, delay, break, or change what the default
   * says. Call it once per exchange, when the message is decoded and `identify` and `operation` were called. `raise` makes the
   * service's own errors, for rules that name one.
   */
  async decide(behaviour: () => Promise<HttpAnswer> | HttpAnswer, raise?: RaiseError): Promise<HttpAnswer> {
    return answerByRules(this.context.rules, this, behaviour, raise);
  }

  /** Asks the service for a fault of its own; whoever can carry it out takes it. */
  orderFault(fault: Fault): void {
    this.#ordered = fault;
  }

  /** The fault of that name if a rule asks for it, once. */
  takeFault(name: string): Fault | undefined {
    const fault = this.#ordered;
    if (fault?.name !== name) return undefined;
    this.#ordered = undefined;
    this.entry.fault = name;
    return fault;
  }

  /** True when a fault was asked for and nobody took it. */
  get faultLeft(): boolean {
    return this.#ordered !== undefined;
  }

  /** Called once by the service application when the body has been read. */
  setBody(body: Buffer): void {
    this.#body = body;
    this.entry.request.body = this.keep(body);
  }

  /** As much of a body as the journal's limits allow. */
  keep(body: Buffer): Body {
    const max = this.context.journal.limits.maxBodyBytes;
    // A slice of a pooled chunk is copied: it would hold the whole chunk in memory for as long as the entry lives.
    const whole = body.length <= max && body.buffer.byteLength === body.length;
    return { bytes: body.length, content: whole ? body : Buffer.from(body.subarray(0, max)) };
  }
}

/** Headers that carry a secret which would let a reader of the journal act as the client. */
const MASKED = new Set(['proxy-authorization', 'apikey', 'x-spine-sim-token']);

/** Node's flat raw header list as pairs, in order and case. */
export function headerLines(raw: string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) {
    lines.push([raw[at]!, MASKED.has(raw[at]!.toLowerCase()) ? '***' : raw[at + 1]!]);
  }
  return lines;
}

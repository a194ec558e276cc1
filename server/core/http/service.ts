/** What an HTTP service declares about itself; the service application and the coverage table are made from it. */
import type { HttpAnswer } from './answer.ts';
import type { HttpExchange } from './httpExchange.ts';

export type Handler = (exchange: HttpExchange) => Promise<HttpAnswer> | HttpAnswer;

export interface Route {
  method: string | string[];
  /** Fastify route path, for example `/messageexchange/:mailbox/inbox`. */
  url: string;
  /** Name of the operation in journal, rules and coverage table. */
  operation: string;
  handler: Handler;
}

/**
 * faithful: stateful and in the exact wire form; shaped: right form, narrow behaviour; accepted: acknowledged as its
 * contract says with no domain behaviour; planned: not there yet.
 */
export type CoverageStatus = 'faithful' | 'shaped' | 'accepted' | 'planned';

export interface CoverageRow {
  item: string;
  status: CoverageStatus;
  note?: string;
}

export interface HttpService {
  name: string;
  title: string;
  /** Roles of the host names it answers on (config/hosts.ts). */
  hosts: string[];
  /** Path prefixes it claims on these hosts; the longest wins. */
  paths: string[];
  /** Also reachable without TLS. Nearly nothing of Spine is. */
  plainHttp?: boolean;
  /** Answers itself for a client certificate that is missing or not trusted (`exchange.certificate`), in place of nginx. */
  ownCertificateErrors?: boolean;
  /** `buffer`: the whole body before the handler runs; `stream`: the handler reads `exchange.request`. */
  bodies: 'buffer' | 'stream';
  /** A client that expects 100-continue is told to go on when its body is read, and not at once. */
  holdsContinue?: boolean;
  /** Largest body in bytes that a buffering service takes. */
  bodyLimit: number;
  routes: Route[];
  /** The protocol's own answer for a path or method that the service does not have. */
  notFound: Handler;
  /** The protocol's own answer for a body over the limit. */
  tooLarge: Handler;
  /** The protocol's own answer for whatever a handler threw. Never shows the error's text to the client. */
  failure(exchange: HttpExchange, error: unknown): Promise<HttpAnswer> | HttpAnswer;
  coverage: CoverageRow[];
  /** Called once everything is bound: takes up what an earlier process left. */
  start?(): Promise<void>;
  close?(): Promise<void>;
}

/** Makes the Fastify application of one service: opens the exchange, reads the body, runs the handler, sends the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { RuleCodeError } from '../rules/code/error.ts';
import type { HttpAnswer } from './answer.ts';
import type { HttpExchange } from './httpExchange.ts';
import { LAZY_SCHEMAS } from './lazySchemas.ts';
import { nginxPage } from './nginx.ts';
import { BodyBroken, BodyTooLarge, readBody } from './readBody.ts';
import { sendAnswer } from './send.ts';
import type { Handler, HttpService, Route } from './service.ts';

/** Longest request target that is routed; the SSP carries a whole provider URL in it. */
const MAX_TARGET_LENGTH = 16 * 1024;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];

/** Opens the exchange for a raw request: space, journal entry, client certificate. */
export type OpenExchange = (request: IncomingMessage, service: HttpService) => HttpExchange;

/**
 * The application of a service. Fastify routes; bodies are read here, because real clients send bodies with GET, no content
 * type or a wrong one, and Fastify would refuse what Spine takes.
 */
export async function buildServiceApp(service: HttpService, open: OpenExchange): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    schemaController: LAZY_SCHEMAS,
    routerOptions: { maxParamLength: MAX_TARGET_LENGTH, ignoreTrailingSlash: false, caseSensitive: true },
    frameworkErrors: (_error, request, reply) => run(service, open, request, reply, { handler: service.notFound }),
  });
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  for (const route of service.routes) {
    app.route({
      method: route.method as string,
      url: route.url,
      handler: (request, reply) => run(service, open, request, reply, route),
    });
  }
  app.setNotFoundHandler((request, reply) => run(service, open, request, reply, { handler: service.notFound }));
  app.setErrorHandler((_error, request, reply) => run(service, open, request, reply, { handler: service.notFound }));
  if (service.close) app.addHook('onClose', () => service.close!());
  await app.ready();
  return app;
}

async function run(
  service: HttpService,
  open: OpenExchange,
  request: FastifyRequest,
  reply: FastifyReply,
  route: Pick<Route, 'handler'> & Partial<Route>,
): Promise<void> {
  reply.hijack();
  const exchange = open(request.raw, service);
  if (route.operation) exchange.operation(route.operation);
  exchange.params = (request.params ?? {}) as Record<string, string>;
  // What can't be put on the wire is a failure of the handler, too; and a service whose failure fails still answers.
  const attempts: ((error: unknown) => Promise<HttpAnswer> | HttpAnswer)[] = [
    () => handled(service, exchange, route.handler),
    (error) => failureOf(service, exchange, error),
    () => nginxPage(500),
  ];
  let error: unknown;
  for (const attempt of attempts) {
    try {
      sendAnswer(reply.raw as ServerResponse, exchange, await attempt(error));
      return;
    } catch (thrown) {
      error = thrown;
    }
  }
}

async function handled(service: HttpService, exchange: HttpExchange, handler: Handler): Promise<HttpAnswer> {
  if (service.bodies === 'buffer') exchange.setBody(await readBody(exchange.request, service.bodyLimit));
  return handler(exchange);
}

/** The protocol's own error for whatever went wrong on the way. */
async function failureOf(service: HttpService, exchange: HttpExchange, error: unknown): Promise<HttpAnswer> {
  if (error instanceof BodyTooLarge) {
    exchange.bodyRefused = true;
    exchange.refuse('body-too-large', error.message, `Send at most ${error.limit} bytes in one request.`);
    return service.tooLarge(exchange);
  }
  if (error instanceof BodyBroken) exchange.fail('client-gone', error.message);
  else if (error instanceof RuleCodeError) {
    exchange.log.warn({ rule: exchange.entry.rule, reason: error.message }, 'a function of a rule failed');
    const answer = await service.failure(exchange, error);
    // Whatever the service makes of it, it is none of its own faults.
    exchange.fail('rule', error.message);
    exchange.entry.advice = error.advice;
    return answer;
  } else {
    exchange.log.error({ err: error }, 'the service failed');
    exchange.fail('internal', error instanceof Error ? error.message : String(error));
  }
  return service.failure(exchange, error);
}

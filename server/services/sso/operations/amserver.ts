/** POST /amserver/namingservice and /amserver/sessionservice: which service is meant says the set, not the path. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { note } from '../errors.ts';
import { EnvelopeError, type RequestSet, readRequestSet, responseSet } from '../pll/envelope.ts';
import { NAMING_SERVICE_ID, namingResponse } from '../pll/naming.ts';
import { SESSION_SERVICE_ID, sessionResponse } from '../pll/session.ts';
import type { Sso } from '../sso.ts';

export function amserver(sso: Sso) {
  return (exchange: HttpExchange): Promise<HttpAnswer> => {
    try {
      const set = readSet(exchange);
      return exchange.decide(() => answer(sso, exchange, set));
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      note(exchange, 'sso-envelope', error.message);
      return exchange.decide(() => servletFailure());
    }
  };
}

function readSet(exchange: HttpExchange): RequestSet {
  // The original reads as many bytes as the header says, and fails without it.
  if (exchange.header('content-length') === undefined) throw new EnvelopeError('there is no Content-Length');
  const set = readRequestSet(exchange.body);
  if (!isNaming(set) && set.serviceId.toLowerCase() !== SESSION_SERVICE_ID) {
    throw new EnvelopeError(`the service id ${JSON.stringify(set.serviceId)} is not known`);
  }
  return set;
}

/** Java writes `session`, the C library `Session`. */
const isNaming = ({ serviceId }: RequestSet): boolean => serviceId.toLowerCase() === NAMING_SERVICE_ID;

async function answer(sso: Sso, exchange: HttpExchange, set: RequestSet): Promise<HttpAnswer> {
  const naming = isNaming(set);
  const answers: string[] = [];
  for (const request of set.requests) {
    answers.push(naming ? namingResponse(exchange, request) : await sessionResponse(sso, exchange, request));
  }
  return xmlAnswer(responseSet(naming ? set.serviceId : SESSION_SERVICE_ID, set.requestId, answers));
}

const xmlAnswer = (body: string): HttpAnswer => ({
  status: 200,
  headers: [['Content-Type', 'text/xml;charset=UTF-8']],
  body,
});

/** What a servlet container answers when its servlet throws; client libraries look at the status alone. */
export function servletFailure(status = 500): HttpAnswer {
  const title = status === 500 ? '500 Internal Server Error' : '404 Not Found';
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: [['Content-Type', 'text/html;charset=UTF-8']], body };
}

/** GET: newer client libraries probe the naming service so and take the site for down unless the status is 200. */
export function amserverProbe(exchange: HttpExchange): Promise<HttpAnswer> {
  return exchange.decide(() => ({
    status: 200,
    headers: [['Content-Type', 'text/html;charset=UTF-8']],
    body: '<html><head><title>Service</title></head><body>Service is running</body></html>\n',
  }));
}

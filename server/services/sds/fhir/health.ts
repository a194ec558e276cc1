/** What monitors ask: whether the gateway, and the directory behind it, are there. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { written } from './answer.ts';
import { CORRELATION_ID, correlationId } from './headers.ts';

/** Nothing is deployed here: the names are those of the real gateway, the values say what answers. */
const DEPLOYED = { version: 'spine-cis-simulator', revision: '1', releaseId: 'simulator', commitId: 'simulator' };

const DEEP = { status: 'pass', details: { ldap: { status: 'pass', links: { ldap: '' }, output: '' } } };

const json = (value: unknown, indent: number): HttpAnswer => ({
  status: 200,
  headers: [['Content-Type', 'application/json']],
  body: written(value, indent),
});

export const ping = (exchange: HttpExchange) => exchange.decide(() => json(DEPLOYED, 2));

export const status = (exchange: HttpExchange) =>
  exchange.decide(() => {
    const check = {
      status: 'pass',
      timeout: 'false',
      responseCode: 200,
      outcome: DEEP,
      links: { self: exchange.path },
    };
    return json({ status: 'pass', ...DEPLOYED, checks: { healthcheck: check } }, 0);
  });

export const healthcheck = (exchange: HttpExchange) =>
  exchange.decide(() => ({ status: 200, headers: [['Content-Type', 'text/html; charset=UTF-8']], body: '' }));

export const deepHealthcheck = (exchange: HttpExchange) =>
  exchange.decide(() => {
    const answer = json(DEEP, 4);
    answer.headers.push([CORRELATION_ID, correlationId(exchange)]);
    return answer;
  });

/** What a request that no route takes may have meant. */
import type { HttpExchange } from './httpExchange.ts';
import type { Route } from './service.ts';

/** 405 for a path that takes other methods, else 404; the routes that it was nearest to become near misses. */
export function statusOfUnrouted(exchange: HttpExchange, routes: readonly Route[]): 404 | 405 {
  let status: 404 | 405 = 404;
  for (const { url, method } of routes) {
    if (url === exchange.path) {
      status = 405;
      exchange.nearMiss({ kind: 'method', candidate: `${method} ${url}`, reason: `does not take ${exchange.method}` });
    } else if (url.toLowerCase() === exchange.path.toLowerCase()) {
      exchange.nearMiss({ kind: 'path', candidate: url, reason: 'differs in upper and lower case' });
    }
  }
  return status;
}

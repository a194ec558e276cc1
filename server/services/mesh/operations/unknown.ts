/** Paths and methods that MESH does not have. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import type { Route } from '../../../core/http/service.ts';
import { MAX_NEAR_MISSES } from '../limits.ts';
import { detailAnswer } from '../messages/errorBody.ts';

interface Known {
  route: Route;
  pattern: RegExp;
  parts: string[];
}

/** The answer for what no route takes: 405 where another method would do, else 404; the journal says what is near. */
export function unknownRoute(routes: readonly Route[]): (exchange: HttpExchange) => HttpAnswer {
  const known = routes.map((route): Known => {
    const parts = route.url.split('/').slice(1);
    const pattern = new RegExp(`^${parts.map((part) => `/${part.startsWith(':') ? '[^/]+' : part}`).join('')}$`);
    return { route, pattern, parts };
  });
  return (exchange) => {
    const methods = known.filter(({ pattern }) => pattern.test(exchange.path)).flatMap(({ route }) => route.method);
    // A route of the same method was passed over: the path is not well encoded.
    if (methods.length > 0 && !methods.includes(exchange.method)) {
      const allow = [...new Set(methods)].join(', ');
      exchange.refuse('405', `${exchange.method} is not a method of this path`, `Use ${allow}.`);
      const answer = detailAnswer(405, 'Method Not Allowed');
      answer.headers.push(['allow', allow]);
      return answer;
    }
    for (const { route } of nearRoutes(known, exchange.path)) {
      exchange.nearMiss({
        kind: 'path',
        candidate: `${route.method} ${route.url}`,
        reason: `is the path of ${route.operation}`,
      });
    }
    exchange.refuse('404', 'MESH has no such path', 'The near misses of this entry list paths like it.');
    return detailAnswer(404, 'Not Found');
  };
}

/** Routes that share the most parts with the path. */
function nearRoutes(known: Known[], path: string): Known[] {
  const given = path.split('/').slice(1);
  const alike = ({ parts }: Known) =>
    parts.filter((part, index) => part.startsWith(':') || part === given[index]).length -
    Math.abs(parts.length - given.length);
  return known
    .map((entry) => ({ entry, score: alike(entry) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_NEAR_MISSES)
    .map(({ entry }) => entry);
}

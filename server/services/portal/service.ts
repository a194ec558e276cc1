/** The portal: the page that an Identity Agent may open after a login (LaunchAppsPath). Wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { nginxPage } from '../../core/http/nginx.ts';
import type { HttpService } from '../../core/http/service.ts';
import { landingPage } from './landingPage.ts';

/** Nothing is uploaded here. */
const BODY_LIMIT_BYTES = 1024;

/** The root, and where the portal was in live. */
const PATHS = ['/', '/portal', '/portal/'];

export function createPortalService(core: Core): HttpService {
  const page = (exchange: HttpExchange) => exchange.decide(() => landingPage(exchange, core.config.adminPort));
  return {
    name: 'portal',
    title: 'Portal: landing page',
    hosts: ['portal'],
    paths: ['/'],
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    routes: PATHS.map((url) => ({ method: ['GET', 'HEAD'], url, operation: 'landing', handler: page })),
    notFound: (exchange) => {
      for (const path of PATHS) exchange.nearMiss({ kind: 'path', candidate: path, reason: 'is a page of the portal' });
      exchange.refuse('not-found', `there is no page at ${exchange.path}`, 'The portal has its landing page alone.');
      return nginxPage(404);
    },
    tooLarge: () => nginxPage(413),
    failure: () => nginxPage(500),
    coverage: [{ item: 'GET / of the portal', status: 'shaped', note: 'look and content assumed' }],
  };
}

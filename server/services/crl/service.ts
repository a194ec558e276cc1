/** crl.nhs.uk: revocation lists at the paths that certificates name, and the CA certificates to trust. */
import { crlPaths } from '../../../certs/recipes.ts';
import type { Core } from '../../core/core.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { nginxPage } from '../../core/http/nginx.ts';
import type { HttpService } from '../../core/http/service.ts';

/** Nothing is uploaded here. */
const BODY_LIMIT_BYTES = 1024;

function file(contentType: string, body: Buffer | string): HttpAnswer {
  return {
    status: 200,
    headers: [
      ['Server', 'nginx'],
      ['Content-Type', contentType],
    ],
    body,
  };
}

/** The service on plain HTTP, where relying parties fetch lists without a TLS connection of their own. */
export function createCrlService(core: Core): HttpService {
  const list = (exchange: HttpExchange) =>
    exchange.decide(() => {
      const der = core.pki.crlAt(exchange.path);
      return der ? file('application/pkix-crl', der) : notFound(exchange);
    });
  const notFound = (exchange: HttpExchange) => {
    for (const path of Object.keys(crlPaths)) {
      exchange.nearMiss({ kind: 'path', candidate: path, reason: 'is a revocation list of this PKI' });
    }
    exchange.refuse('not-found', `there is no list at ${exchange.path}`, 'Take the path from the certificate itself.');
    return nginxPage(404);
  };
  const routes = Object.keys(crlPaths).map((url) => ({
    method: ['GET', 'HEAD'],
    url,
    operation: 'crl',
    handler: list,
  }));
  return {
    name: 'crl',
    title: 'Revocation lists and CA certificates',
    hosts: ['crl'],
    paths: ['/int', '/ptl', '/PTL', '/ca.pem'],
    plainHttp: true,
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    routes: [
      ...routes,
      {
        method: ['GET', 'HEAD'],
        url: '/ca.pem',
        operation: 'ca',
        handler: (exchange) => exchange.decide(() => file('application/x-pem-file', core.pki.caBundlePem)),
      },
    ],
    notFound,
    tooLarge: () => nginxPage(413),
    failure: () => nginxPage(500),
    coverage: [
      { item: 'GET revocation lists of sub CA and root', status: 'faithful' },
      { item: 'GET /ca.pem', status: 'faithful', note: 'a convenience of the simulator' },
    ],
  };
}

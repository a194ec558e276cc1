/** The gazetteer: addresses by postcode or by their parts. Wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import { certificateRequired } from '../../core/http/certificateRequired.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { nginxPage } from '../../core/http/nginx.ts';
import type { HttpService } from '../../core/http/service.ts';
import { ERRORS } from './errors.ts';
import { type Gazetteer, getAddressList, refuse } from './getAddressList.ts';

const PATH = '/addressfinder/query';

/** A request has less than 2 KB. */
const BODY_LIMIT_BYTES = 64 * 1024;

export function createGazetteerService(core: Core): HttpService {
  const gazetteer: Gazetteer = { settings: core.config.gazetteer };
  const open = getAddressList(gazetteer);
  // One host name, one policy: the gazetteer stands behind the front of messaging.
  const handler =
    core.config.messaging.clientCertificate === 'required'
      ? certificateRequired('messaging.clientCertificate', open)
      : open;
  return {
    name: 'gazetteer',
    title: 'Gazetteer: address look-up',
    hosts: ['msg'],
    paths: ['/addressfinder'],
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT_BYTES,
    routes: [{ method: 'POST', url: PATH, operation: 'getAddressList', handler }],
    notFound: unknownPath,
    tooLarge: (exchange) =>
      refuse(exchange, {
        error: ERRORS.structure,
        detail: `the body is longer than ${BODY_LIMIT_BYTES} bytes`,
        advice: `Send one getAddressListRequest of at most ${BODY_LIMIT_BYTES} bytes.`,
      }),
    failure: (exchange) =>
      refuse(exchange, {
        error: ERRORS.unknown,
        detail: exchange.entry.error?.message ?? 'the simulator failed',
        advice: 'This is a fault of the simulator: its log has the details.',
      }),
    coverage: [{ item: `POST ${PATH}: getAddressList`, status: 'faithful' }],
  };
}

function unknownPath(exchange: HttpExchange): HttpAnswer {
  const status = exchange.path === PATH ? 405 : 404;
  exchange.nearMiss({ kind: 'path', candidate: `POST ${PATH}`, reason: 'is where the gazetteer answers' });
  exchange.refuse(
    `http-${status}`,
    `${exchange.method} ${exchange.path} is not served`,
    `Send requests by POST to ${PATH}.`,
  );
  return nginxPage(status);
}

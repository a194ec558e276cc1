/** Messaging: the synchronous SOAP service and ebXML. Wiring only. */
import type { Core } from '../../core/core.ts';
import type { HttpAnswer } from '../../core/http/answer.ts';
import { certificateRequired } from '../../core/http/certificateRequired.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import { nginxPage } from '../../core/http/nginx.ts';
import type { Handler, HttpService, Route } from '../../core/http/service.ts';
import { createExaminer } from './conformance/examine.ts';
import { coverage } from './coverage.ts';
import { ReceivedMessages } from './ebxml/received.ts';
import { FAULTS } from './errors.ts';
import { Inbox } from './inbox/inbox.ts';
import { faultAnswer } from './messages/httpAnswer.ts';
import type { Messaging } from './messaging.ts';
import { ebxmlMessage } from './operations/ebxmlMessage.ts';
import { syncService } from './operations/syncService.ts';
import { ebxmlCarrier } from './outgoing/carrier.ts';
import { EBXML } from './outgoing/compose.ts';
import { composeOutgoing } from './outgoing/outgoingMessage.ts';
import { Transfers } from './outgoing/transfers.ts';
import { triggered } from './outgoing/triggered.ts';
import { openSchemas } from './schemas.ts';
import { Hl7Ids } from './validation/hl7Ids.ts';
import { checkSwitches } from './validation/switches.ts';

/** Message handlers in the field cap a message at 5 MiB (5,242,880 and 4,999,600 bytes are seen). */
const BODY_LIMIT = 5 * 1024 * 1024;

/** The synchronous service by its present name and its older ones, which clients still post to. */
const SYNC_PATHS = ['/sync-service', '/syncservice', '/syncservice-pds/pds', '/syncservice-lrs/acf'];

/** The intermediary, and the name it had in OpenTest. */
const FORWARD_PATHS = ['/reliablemessaging/intermediary', '/reliablemessaging/forwardreliable'];

export function createMessagingService(core: Core): HttpService {
  const settings = core.config.messaging;
  checkSwitches(settings);
  const schemas = openSchemas(settings);
  core.conformance.register('messaging', createExaminer({ settings, spaces: core.spaces, schemas }));
  const messaging: Messaging = {
    settings,
    interactions: core.interactions,
    p1r1: core.p1r1,
    sessions: core.sessions,
    hl7Ids: new Hl7Ids(core.store),
    received: new ReceivedMessages(core.store),
    deliveries: core.deliveries,
    transfers: new Transfers(core.store),
    inbox: new Inbox(core, () => messaging),
  };
  core.deliveries.carrier(EBXML, ebxmlCarrier(messaging));
  core.messages.carriedBy({
    send: (space, message) => core.deliveries.add(space, composeOutgoing(messaging.settings, space, message)),
    trigger: async (space, wish) => {
      const prepared = [];
      for (const one of triggered(messaging.settings, space, wish))
        prepared.push(await core.deliveries.prepare(space, one));
      await core.store.batch(prepared.flatMap(({ operations }) => operations));
      for (const { release } of prepared) release();
      return prepared.map(({ id }) => id);
    },
  });
  const routes = routesOf(messaging);
  const posts = new Set(routes.filter(({ method }) => method === 'POST').map(({ url }) => url));
  return {
    name: 'messaging',
    title: 'Spine messaging: synchronous and ebXML',
    hosts: ['msg'],
    paths: [...SYNC_PATHS, '/reliablemessaging'],
    bodies: 'buffer',
    bodyLimit: BODY_LIMIT,
    routes,
    notFound: (exchange) => notFound(exchange, posts),
    tooLarge: (exchange) =>
      faultAnswer(exchange, {
        error: FAULTS.tooLarge,
        detail: `the body is longer than ${BODY_LIMIT} bytes`,
        advice: `Send at most ${BODY_LIMIT} bytes in one message; larger records are sent in fragments.`,
      }),
    failure: (exchange) =>
      faultAnswer(exchange, {
        error: FAULTS.systemFailure,
        detail: exchange.entry.error?.message ?? 'the simulator failed',
        advice: 'This is a fault of the simulator: its log has the details.',
      }),
    coverage: coverage(core),
    start: () => messaging.inbox.recover(),
  };
}

function routesOf(messaging: Messaging): Route[] {
  const required = messaging.settings.clientCertificate === 'required';
  const guarded = (handler: Handler): Handler =>
    required ? certificateRequired('messaging.clientCertificate', handler) : handler;
  const sync = guarded(syncService(messaging));
  const forward = guarded(ebxmlMessage(messaging, ['forward-reliable', 'forward-express']));
  return [
    ...SYNC_PATHS.map((url) => ({ method: 'POST', url, operation: 'sync', handler: sync })),
    {
      method: 'POST',
      url: '/reliablemessaging/reliablerequest',
      operation: 'reliable',
      handler: guarded(ebxmlMessage(messaging, ['reliable'])),
    },
    {
      method: 'POST',
      url: '/reliablemessaging/queryrequest',
      operation: 'express',
      handler: guarded(ebxmlMessage(messaging, ['express'])),
    },
    ...FORWARD_PATHS.map((url) => ({ method: 'POST', url, operation: 'forward', handler: forward })),
  ];
}

function notFound(exchange: HttpExchange, posts: ReadonlySet<string>): HttpAnswer {
  const status = posts.has(exchange.path) ? 405 : 404;
  for (const path of posts) {
    exchange.nearMiss({ kind: 'path', candidate: `POST ${path}`, reason: 'is a path of messaging' });
  }
  const advice = status === 405 ? 'Send messages with POST.' : 'The near misses of this entry list the paths.';
  exchange.refuse(`http-${status}`, `${exchange.method} ${exchange.path} is not served`, advice);
  return nginxPage(status);
}

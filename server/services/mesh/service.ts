/** MESH, the Message Exchange for Social Care and Health: wiring. */
import type { Core } from '../../core/core.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';
import type { CoverageRow, HttpService } from '../../core/http/service.ts';
import { apiVersion } from './apiVersion.ts';
import { ERRORS } from './errors.ts';
import { meshOf } from './mesh.ts';
import { errorAnswer, plainErrorAnswer } from './messages/errorBody.ts';
import { unknownRoute } from './operations/unknown.ts';
import { meshRoutes, PREFIX } from './routes.ts';

export function createMeshService(core: Core): HttpService {
  const mesh = meshOf(core);
  const { rules } = mesh;
  const routes = meshRoutes(mesh);
  const version = (exchange: HttpExchange) => apiVersion(exchange.header('accept'), true) ?? 1;
  const admin = rules.adminPaths ? ['/admin'] : [];
  return {
    name: 'mesh',
    title: 'MESH (Message Exchange for Social Care and Health)',
    hosts: ['msg'],
    paths: [PREFIX, '/endpointlookup', '/_ping', '/_status', '/health', '/healthcheck', ...admin],
    bodies: 'stream',
    bodyLimit: rules.maxChunkBytes,
    routes,
    notFound: unknownRoute(routes),
    tooLarge: (exchange) => errorAnswer(ERRORS.tooLarge, version(exchange)),
    failure: () => plainErrorAnswer(500),
    coverage: COVERAGE,
  };
}

const COVERAGE: CoverageRow[] = [
  { item: 'Handshake, GET and POST, and the Java client’s update check', status: 'faithful' },
  { item: 'Send, whole and in chunks, gzip kept as sent', status: 'faithful' },
  { item: 'Inbox list v1 and v2, count, paging, workflow filter', status: 'faithful' },
  { item: 'Head and download of messages, chunks and reports', status: 'faithful' },
  { item: 'Acknowledge', status: 'faithful' },
  { item: 'Tracking by message id and by local id', status: 'faithful' },
  { item: 'Endpoint look-up, older look-up path, workflow search', status: 'faithful' },
  { item: 'Rich inbox and outbox', status: 'faithful' },
  { item: 'Authorization header: hash, clock window, replay, inactive mailboxes', status: 'faithful' },
  { item: 'Expiry and non-delivery reports by the clock', status: 'faithful' },
  { item: 'Restricted workflows', status: 'faithful' },
  { item: 'Delivery by patient (GPPROVIDER)', status: 'faithful' },
  { item: 'Admin paths of the public sandbox', status: 'faithful' },
  { item: 'Files of the Java client, and folders with control files as it has', status: 'faithful' },
  { item: 'Messages, reports, status events and faults by the tester', status: 'faithful' },
];

/** The admin API: everything the console and the command line do, described by /openapi.json. */
import { timingSafeEqual } from 'node:crypto';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { LAZY_SCHEMAS } from '../core/http/lazySchemas.ts';
import { answerClientError } from './clientErrors.ts';
import { type AdminContext, AdminError } from './context.ts';
import { assureRoutes } from './routes/assure.ts';
import { authorityRoutes, isAuthorityPath } from './routes/authorities.ts';
import { cardRoutes } from './routes/cards.ts';
import { certificateRoutes } from './routes/certificates.ts';
import { clockRoutes } from './routes/clock.ts';
import { conformanceRoutes } from './routes/conformance.ts';
import { CONSOLE_PATHS, consoleRoutes } from './routes/console.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { journalRoutes } from './routes/journal.ts';
import { meshRoutes } from './routes/mesh.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { patientRoutes } from './routes/patients.ts';
import { policyRoutes } from './routes/policy.ts';
import { populationRoutes } from './routes/population.ts';
import { recordRoutes } from './routes/record.ts';
import { registryRoutes } from './routes/registry.ts';
import { resetRoutes } from './routes/reset.ts';
import { ruleRoutes } from './routes/rules.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { seedRoutes } from './routes/seed.ts';
import { serviceRoutes } from './routes/services.ts';
import { snapshotRoutes } from './routes/snapshot.ts';
import { spaceRoutes } from './routes/spaces.ts';
import { sspRoutes } from './routes/ssp.ts';
import { tlsCheckRoutes, tlsRoutes } from './routes/tls.ts';
import { worldRoutes } from './routes/world.ts';

/** Largest body: a snapshot of a whole space. */
const MAX_BODY_BYTES = 256 << 20;

/** What anyone may read, beside the public CA certificates and revocation lists. */
const OPEN_PATHS = new Set(['/health/live', '/health/ready', '/openapi.json', ...CONSOLE_PATHS]);

/** Builds the application; it is not yet listening. */
export async function buildAdmin(context: AdminContext): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    // Query texts are read as numbers and switches; a field that there is not is told, never dropped.
    ajv: { customOptions: { coerceTypes: 'array', removeAdditional: false } },
    schemaController: LAZY_SCHEMAS,
    clientErrorHandler: answerClientError,
    // A path that can't be decoded is found before any route is.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, context.core.log),
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Spine and CIS simulator: admin API',
        version: '1',
        description: 'The header X-Spine-Sim-Space chooses the space; without it the default space is meant.',
      },
    },
  });
  const { adminToken } = context.core.config;
  if (adminToken) app.addHook('onRequest', async (request) => authorise(request, adminToken));
  else app.addHook('onRequest', async (request) => refuseForeignHost(request));
  // A browser page of another origin must not drive a tool on the developer's loopback.
  app.addHook('onRequest', async (request) => refuseForeignOrigin(request));
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply, context.core.log));
  app.setNotFoundHandler(async (request, reply) =>
    reply
      .code(404)
      .send({ message: `there is no ${request.method} ${request.url}; /openapi.json lists what there is` }),
  );
  const groups = [
    healthRoutes,
    metricsRoutes,
    authorityRoutes,
    certificateRoutes,
    registryRoutes,
    cardRoutes,
    journalRoutes,
    conformanceRoutes,
    assureRoutes,
    deliveryRoutes,
    clockRoutes,
    endpointRoutes,
    policyRoutes,
    tlsRoutes,
    sspRoutes,
    tlsCheckRoutes,
    resetRoutes,
    spaceRoutes,
    ruleRoutes,
    scenarioRoutes,
    recordRoutes,
    worldRoutes,
    seedRoutes,
    meshRoutes,
    patientRoutes,
    populationRoutes,
    snapshotRoutes,
    serviceRoutes,
    eventRoutes,
    consoleRoutes,
  ];
  for (const group of groups) await app.register(async (scope) => group(scope, context));
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}

async function authorise(request: FastifyRequest, token: string): Promise<void> {
  const path = request.url.split('?', 1)[0]!;
  if (OPEN_PATHS.has(path) || isAuthorityPath(path)) return;
  const given = Buffer.from(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AdminError(401, 'the admin API asks for "Authorization: Bearer <adminToken>"');
  }
}

const LOOPBACK = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/i;

/** A page whose own host name was made to point at loopback (DNS rebinding) has the origin that it asks for. */
async function refuseForeignHost(request: FastifyRequest): Promise<void> {
  const { host = '' } = request.headers;
  if (LOOPBACK.test(host)) return;
  throw new AdminError(403, `without an adminToken the admin API answers to localhost and 127.0.0.1, not to "${host}"`);
}

async function refuseForeignOrigin(request: FastifyRequest): Promise<void> {
  const { origin, host } = request.headers;
  if (origin !== undefined && origin !== 'null' && URL.canParse(origin) && new URL(origin).host === host) return;
  if (origin !== undefined) throw new AdminError(403, `requests from pages of ${origin} are refused`);
}

function answerError(error: FastifyError | AdminError, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  const status = error.statusCode ?? 500;
  if (status >= 500) log.error({ err: error, method: request.method, url: request.url }, 'the admin API failed');
  const details = error instanceof AdminError ? error.details : undefined;
  const message = status >= 500 ? `the simulator failed: ${error.message}` : messageOf(error);
  return reply.code(status).send({ message, ...(details === undefined ? {} : { details }) });
}

/** The framework's own words do not say which field there is not, which values there are, and which type is wanted. */
function messageOf(error: FastifyError | AdminError): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return 'a body of this type is not taken here: send JSON, with Content-Type: application/json';
  const fault = 'validation' in error ? error.validation?.[0] : undefined;
  const { additionalProperty: unknown, allowedValues: known } = fault?.params ?? {};
  if (unknown !== undefined) return `there is no field "${unknown}" here; /openapi.json lists what there is`;
  return Array.isArray(known) ? `${error.message}: ${known.join(', ')}` : error.message;
}

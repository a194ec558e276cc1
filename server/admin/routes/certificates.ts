/** Certificates for suppliers: made with a key, signed from their request, listed, revoked. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type ClientRequest,
  type Identity,
  PkiError,
  type RevocationReason,
  type SignedCertificate,
} from '../../core/pki/pki.ts';
import { type AdminContext, AdminError } from '../context.ts';

const ISSUE = {
  type: 'object',
  additionalProperties: false,
  required: ['cn'],
  properties: {
    cn: { type: 'string', description: 'the FQDN' },
    purpose: { type: 'string', enum: ['client', 'server'], default: 'client' },
    san: { type: 'array', items: { type: 'string' }, description: 'names and addresses; a server has its own name' },
    days: { type: 'number' },
    chain: { type: 'string', enum: ['sha2', 'sha1'], default: 'sha2' },
    variant: {
      type: 'string',
      enum: ['good', 'expired', 'not-yet-valid', 'wrong-name', 'unknown-ca', 'self-signed', 'revoked'],
      default: 'good',
      description: 'what is to be wrong with it',
    },
    keyType: { type: 'string', enum: ['rsa', 'ec'] },
    alias: { type: 'string', description: 'name of the key in the keystores' },
    password: { type: 'string', description: 'of the keystores' },
  },
};

const SIGN = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      additionalProperties: false,
      required: ['csr'],
      properties: {
        csr: { type: 'string', description: 'PKCS#10 in PEM' },
        chain: { type: 'string', enum: ['sha2', 'sha1'] },
        days: { type: 'number' },
      },
    },
  ],
};

/** As MESH names its own clients. */
const MESH_CN = 'meshclient.z99901.api.mesh-client.nhs.uk';

const MESH = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    environment: { type: 'string', enum: ['DEV', 'INT', 'TRAIN', 'DEP'], default: 'DEV' },
    format: { type: 'string', enum: ['jks', 'p12'], default: 'jks' },
    chain: { type: 'string', enum: ['sha2', 'sha1'], default: 'sha2' },
    cn: { type: 'string', default: MESH_CN },
  },
};

interface MeshWish {
  environment?: string;
  format?: 'jks' | 'p12';
  chain?: 'sha2' | 'sha1';
  cn?: string;
}

/** What curl and others call a PEM file. */
const PEM_TYPES = ['application/pkcs10', 'application/x-pem-file', 'application/x-www-form-urlencoded', 'text/plain'];

interface Wish extends ClientRequest {
  purpose?: 'client' | 'server';
}

type SignBody = string | { csr?: string; chain?: 'sha2' | 'sha1'; days?: number } | null | undefined;

export function certificateRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const { pki } = core;
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(PEM_TYPES, { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.get<{ Querystring: { cn?: string; purpose?: string } }>(
    '/api/certificates',
    {
      schema: {
        summary: 'what was issued, newest first, with revocations',
        querystring: { type: 'object', properties: { cn: { type: 'string' }, purpose: { type: 'string' } } },
      },
    },
    async ({ query: { cn, purpose } }) =>
      pki
        .issued()
        .filter((record) => (cn ?? record.cn) === record.cn && (purpose ?? record.purpose) === record.purpose)
        .toReversed(),
  );
  app.post<{ Body: Wish }>(
    '/api/certificates',
    {
      schema: {
        summary: 'make a certificate with key, chain, PKCS#12 and JKS; good, or wrong in one way',
        body: ISSUE,
      },
    },
    async ({ body: { purpose = 'client', ...wish } }, reply) => {
      const identity = await told(() => (purpose === 'server' ? pki.issueServer(wish) : pki.issueClient(wish)));
      return reply.code(201).send(view(identity));
    },
  );
  app.post<{ Body: SignBody }>(
    '/api/certificates/sign',
    {
      schema: {
        summary: 'sign a request (PKCS#10) by the rules of endpoint registration',
        description:
          'Either JSON, or the PEM file itself: then the answer is PEM too, leaf first and root last. The subject becomes O=nhs, OU=Devices, CN=<FQDN>; extensions that it asks for are passed over.',
        body: SIGN,
      },
    },
    async (request, reply) => {
      const { body } = request;
      const { csr, ...options } = typeof body === 'string' ? { csr: body } : { ...body };
      // The schema lets through what could be turned into a text: no body at all, null, a number, a list of one.
      if (csr === undefined)
        throw new AdminError(400, 'no signing request came: send the PEM text, or JSON with "csr"');
      const signed = await told(() => pki.signCsr(csr, options));
      reply.code(201);
      return typeof body === 'string' ? reply.type('application/x-pem-file').send(pem(signed)) : signed;
    },
  );
  app.post<{ Body: MeshWish | null }>(
    '/api/certificates/mesh-keystore',
    {
      schema: {
        summary: 'the keystore of a MESH client: key with whole chain, and root and sub CA as trusted',
        body: MESH,
      },
    },
    async ({ body }, reply) => {
      const { environment = 'DEV', format = 'jks', cn = MESH_CN, chain } = body ?? {};
      const alias = `mesh${environment}`;
      const identity = await told(() => pki.issueClient({ cn, chain, alias }));
      const { serial, pkcs12, pkcs12Password: password, jks } = identity;
      const content = (format === 'jks' ? jks() : pkcs12).toString('base64');
      return reply.code(201).send({ file: `${alias.toLowerCase()}.keystore`, alias, password, cn, serial, content });
    },
  );
  app.post(
    '/api/certificates/:serial/revoke',
    {
      schema: {
        summary: 'put a certificate on the revocation list; it counts for the next handshake',
        body: {
          type: ['object', 'null'],
          properties: { reason: { type: 'string', description: 'as in RFC 5280 5.3.1' } },
        },
      },
    },
    async (request: FastifyRequest<{ Params: { serial: string }; Body: { reason?: RevocationReason } | null }>) =>
      told(() => pki.revoke(request.params.serial, request.body?.reason)),
  );
}

function view(identity: Identity) {
  const { pkcs12, jks, ...rest } = identity;
  return { ...rest, pkcs12: pkcs12.toString('base64'), jks: jks().toString('base64') };
}

const pem = ({ certificate, chain }: SignedCertificate): string => certificate + chain;

/** What the PKI refuses as an answer of the admin API. */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PkiError) || error.code === 'PKI_FILE') throw error;
    throw new AdminError(error.code === 'SERIAL_UNKNOWN' ? 404 : 400, error.message);
  }
}

/** Client certificates for suppliers, and the CA to trust. */
import type { FastifyInstance } from 'fastify';
import { type AdminContext, AdminError } from '../context.ts';

/** A host name, or the dotted name that MESH uses; no blanks, so that it fits into a subject. */
const COMMON_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;

export function certificateRoutes(app: FastifyInstance, context: AdminContext): void {
  const { pki } = context.core;
  app.get(
    '/ca.pem',
    { schema: { summary: 'sub CA and root as PEM, to be trusted by clients' } },
    async (_request, reply) => reply.type('application/x-pem-file').send(pki.caBundlePem),
  );
  app.post<{ Body: { cn: string } }>(
    '/api/certificates',
    {
      schema: {
        summary: 'make a client certificate, key, chain and PKCS#12',
        body: { type: 'object', required: ['cn'], properties: { cn: { type: 'string', description: 'the FQDN' } } },
      },
    },
    async (request, reply) => {
      const { cn } = request.body;
      if (!COMMON_NAME.test(cn))
        throw new AdminError(400, `"${cn}" can't be a certificate's common name: use a host name`);
      const identity = await pki.issueClient({ cn });
      return reply.code(201).send({
        cn: identity.cn,
        certificate: identity.certificate,
        privateKey: identity.privateKey,
        chain: identity.chain,
        pkcs12: identity.pkcs12.toString('base64'),
        pkcs12Password: identity.pkcs12Password,
      });
    },
  );
}

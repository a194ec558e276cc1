/** The authorities to trust and their revocation lists, as files: open to everybody, as on the real site. */
import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type AuthorityName, keystorePassword } from '../../../certs/recipes.ts';
import { type Pki, pemBlocks, writeTrustStore } from '../../core/pki/pki.ts';
import { type AdminContext, AdminError } from '../context.ts';

/** What each file holds, in this order; bundles have the sub CA before the root, as clients expect. */
const BUNDLES: Record<string, readonly AuthorityName[]> = {
  root: ['root'],
  sub: ['sub'],
  chain: ['sub', 'root'],
  card: ['card'],
  'card-chain': ['card', 'root'],
  'sha1-root': ['sha1Root'],
  'sha1-sub': ['sha1Sub'],
  'sha1-chain': ['sha1Sub', 'sha1Root'],
  all: ['sub', 'root', 'sha1Sub', 'sha1Root'],
};

const LISTS: Record<string, AuthorityName> = {
  root: 'root',
  sub: 'sub',
  card: 'card',
  'sha1-root': 'sha1Root',
  'sha1-sub': 'sha1Sub',
};

/** `crt` is PEM under the name that some systems insist on. */
const FORMATS = ['pem', 'der', 'p12', 'crt'];

/** Paths of this group, for those who need no token. */
export const isAuthorityPath = (path: string): boolean => path === '/ca.pem' || /^\/(ca|crl)\/[a-z0-9.-]+$/.test(path);

async function authorityFile(
  pki: Pki,
  name: string,
  format: string,
): Promise<{ type: string; content: string | Buffer }> {
  const names = BUNDLES[name]!;
  const pems = await Promise.all(names.map((authority) => pki.authorityPem(authority)));
  if (format === 'pem' || format === 'crt') return { type: 'application/x-pem-file', content: pems.join('') };
  const certificates = pems.map((pem) => pemBlocks(pem)[0]!.der);
  if (format === 'p12') {
    const trusted = certificates.map((certificate, at) => ({ alias: names[at]!.toLowerCase(), certificate }));
    return { type: 'application/x-pkcs12', content: writeTrustStore(trusted, keystorePassword) };
  }
  if (certificates.length > 1)
    throw new AdminError(400, `DER holds one certificate: ask for one of ${names.join(', ')}`);
  return { type: 'application/pkix-cert', content: certificates[0]! };
}

export function authorityRoutes(app: FastifyInstance, { core }: AdminContext): void {
  const { pki } = core;
  app.get(
    '/ca.pem',
    { schema: { summary: 'sub CA and root as PEM, to be trusted by clients' } },
    async (_request, reply) => reply.type('application/x-pem-file').send(pki.caBundlePem),
  );
  app.get(
    '/api/authorities',
    { schema: { summary: 'the authorities, and the files that there are of them' } },
    async () => {
      const names: AuthorityName[] = ['root', 'sub', 'card'];
      const authorities = await Promise.all(
        names.map(async (name) => {
          const { subject, fingerprint256, validFrom, validTo } = new X509Certificate(await pki.authorityPem(name));
          return { name, subject, fingerprint256, validFrom, validTo };
        }),
      );
      const files = Object.entries(BUNDLES).flatMap(([name, held]) =>
        ['pem', ...(held.length === 1 ? ['der'] : []), 'p12'].map((format) => `/ca/${name}.${format}`),
      );
      return {
        authorities,
        files,
        lists: Object.keys(LISTS).map((name) => `/crl/${name}.crl`),
        pkcs12Password: keystorePassword,
      };
    },
  );
  app.get<{ Params: { file: string } }>(
    '/ca/:file',
    { schema: { summary: 'root, sub, chain, card, sha1-chain, all ... as .pem, .crt (PEM), .der or .p12' } },
    async ({ params: { file } }, reply) => {
      const [, name = '', format = ''] = /^(.+)\.([a-z0-9]+)$/.exec(file) ?? [];
      if (!Object.hasOwn(BUNDLES, name) || !FORMATS.includes(format)) {
        throw new AdminError(404, `there is no ${file}; GET /api/authorities lists the files`);
      }
      const { type, content } = await authorityFile(pki, name, format);
      return reply.type(type).header('Content-Disposition', `attachment; filename="spine-sim-${file}"`).send(content);
    },
  );
  app.get<{ Params: { file: string } }>(
    '/crl/:file',
    { schema: { summary: 'revocation list of root, sub, card, sha1-root or sha1-sub as .crl (DER) or .pem' } },
    async ({ params: { file } }, reply) => {
      const [, name = '', format = ''] = /^(.+)\.(crl|pem)$/.exec(file) ?? [];
      const authority = Object.hasOwn(LISTS, name) ? LISTS[name]! : undefined;
      if (!authority) throw new AdminError(404, `there is no ${file}; GET /api/authorities lists the files`);
      await pki.authorityPem(authority);
      if (format === 'pem') return reply.type('application/x-pem-file').send(pki.crlPem(authority));
      return reply.type('application/pkix-crl').send(pki.crl(authority));
    },
  );
}

/** The TLS laboratory: which profiles there are, which host has which, and giving a host another one. */
import type { FastifyInstance } from 'fastify';
import { findHost, HOSTS } from '../../config/hosts.ts';
import type { ProfileSettings } from '../../core/tls/profileSet.ts';
import type { ServerChecks } from '../../core/tlsClient/check/check.ts';
import { ProfileError } from '../../listeners/profileBoard.ts';
import { type AdminContext, AdminError, spaceName } from '../context.ts';
import { told } from './certificates.ts';

interface HostParams {
  Params: { host: string };
}

export function tlsRoutes(app: FastifyInstance, context: AdminContext): void {
  const { tls, changes } = context;
  const viewOf = (host: string) => {
    const { profile, reason, rule } = tls.profileOf(host);
    const { host: known } = findHost(host)!;
    return { host, role: known.role, environment: known.environment, profile: profile.name, reason, rule: rule?.id };
  };

  app.get(
    '/api/tls',
    { schema: { summary: 'TLS profiles, the profile that each host has now, and the ports' } },
    async (request) => {
      const space = spaceName(request);
      const named = (host: string) => (space === undefined ? host : `${space}.${host}`);
      return {
        ports: context.ports(),
        hosts: HOSTS.filter(({ role }) => role !== 'local').map(({ name }) => viewOf(named(name))),
        profiles: tls.board.list(),
      };
    },
  );
  app.put<HostParams & { Body: { profile: string } }>(
    '/api/tls/hosts/:host',
    {
      schema: {
        summary: 'give a host a TLS profile, whatever the date says; a label before its name means that space only',
        body: { type: 'object', required: ['profile'], properties: { profile: { type: 'string' } } },
      },
    },
    async (request) => {
      const host = knownHost(request.params.host);
      await refused(tls.board.give(host, request.body.profile));
      await changes.keep();
      return viewOf(host);
    },
  );
  app.delete<HostParams>(
    '/api/tls/hosts/:host',
    { schema: { summary: 'give a host back to settings and dates' } },
    async (request) => {
      const host = knownHost(request.params.host);
      await tls.board.give(host, undefined);
      await changes.keep();
      return viewOf(host);
    },
  );
  app.put<{ Params: { name: string }; Body: ProfileSettings[string] }>(
    '/api/tls/profiles/:name',
    {
      schema: {
        summary: 'add or change a TLS profile: the fields that differ from the one in `extends`',
        body: { type: 'object', additionalProperties: true },
      },
    },
    async (request) => {
      const profile = await refused(tls.board.define(request.params.name, request.body));
      await changes.keep();
      return profile;
    },
  );
}

interface CheckWish {
  target: string;
  connect?: string;
  as?: string;
}

/** `gp.example.nhs.uk`, `gp.example.nhs.uk:8443`, `[::1]:8443`, or a URL. */
const TARGET = /^(?:https:\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?(?:\/.*)?$/i;

function readTarget(text: string): { host: string; port: number } {
  const [, host, port = '443'] = TARGET.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new AdminError(400, `"${text}" is not <host> or <host>:<port>`);
  return { host: host.replace(/^\[|\]$/g, '').toLowerCase(), port: Number(port) };
}

/** Tries a supplier's server as Spine would. */
export function tlsCheckRoutes(app: FastifyInstance, { core }: AdminContext): void {
  let made: ServerChecks | undefined;
  // Few runs ask for it.
  const checks = async () => {
    const { ServerChecks } = await import('../../core/tlsClient/check/check.ts');
    made ??= new ServerChecks(core.pki, core.outbound);
    return made;
  };
  app.post<{ Body: CheckWish }>(
    '/api/tls/check',
    {
      schema: {
        summary: "try a supplier's own server as Spine would, and say what to mend",
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['target'],
          properties: {
            target: { type: 'string', description: 'host and port, as in the endpoint that the directory has' },
            connect: { type: 'string', description: 'where it really is; default outbound.connect, else DNS' },
            as: { type: 'string', description: 'name of the certificate that is shown' },
          },
        },
      },
    },
    async ({ body: { target, connect, as } }) => {
      const { host: name, port } = readTarget(target);
      const address = connect === undefined ? core.outbound.whereIs(name, port) : readTarget(connect);
      const server = { name, host: address.host, port: address.port, as };
      return told(async () => (await checks()).check(server));
    },
  );
}

function knownHost(name: string): string {
  if (findHost(name)) return name.toLowerCase();
  throw new AdminError(404, `"${name}" is not a host name of the environment; GET /api/tls lists them`);
}

async function refused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProfileError) throw new AdminError(400, error.message, error.problems);
    throw error;
  }
}

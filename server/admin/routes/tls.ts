/** The TLS laboratory: which profiles there are, which host has which, and giving a host another one. */
import type { FastifyInstance } from 'fastify';
import { findHost, HOSTS } from '../../config/hosts.ts';
import type { ProfileSettings } from '../../core/tls/profileSet.ts';
import { ProfileError } from '../../listeners/profileBoard.ts';
import { type AdminContext, AdminError, spaceName } from '../context.ts';

interface HostParams {
  Params: { host: string };
}

export function tlsRoutes(app: FastifyInstance, context: AdminContext): void {
  const { tls } = context;
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
      return viewOf(host);
    },
  );
  app.delete<HostParams>(
    '/api/tls/hosts/:host',
    { schema: { summary: 'give a host back to settings and dates' } },
    async (request) => {
      const host = knownHost(request.params.host);
      await tls.board.give(host, undefined);
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
    async (request) => refused(tls.board.define(request.params.name, request.body)),
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

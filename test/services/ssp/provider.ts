/** A supplier's own provider: a real HTTPS process of its own that demands the certificate of the SSP. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Spine } from '../../helper.ts';
import { INTERACTION } from './consumer.ts';

export const OWN_PROVIDER = '200000000991';
export const OWN_PARTY = 'Z99904-0009991';

type Teardown = { teardown(run: () => Promise<void>): void };

export interface Provider {
  port: number;
  /** Service root as registered. */
  root: string;
  /** Common names of the certificates that callers have shown. */
  callers: string[];
}

export interface ProviderOptions {
  /** Name in the certificate; default the host of the endpoint. */
  certificateFor?: string;
  interactions?: string[];
  /** Host of the registered endpoint; default localhost and the port. */
  host?: string;
  tls?: ServerOptions;
  /** Told of requests that expect 100-continue, in place of the listener; by default they are told to go on. */
  expecting?: RequestListener;
}

/** Starts it, and registers its endpoint and ASID in the world by the admin API. */
export async function startProvider(
  t: Teardown,
  spine: Spine,
  listener: RequestListener,
  options: ProviderOptions = {},
): Promise<Provider> {
  const name = options.host ?? 'localhost';
  const identity = await spine.environment.core.pki.issueServer({
    cn: 'provider.example.thirdparty.nhs.uk',
    san: [options.certificateFor ?? name],
  });
  const callers: string[] = [];
  const server = createSecureServer(
    {
      key: identity.privateKey,
      cert: identity.certificate + identity.chain,
      ca: spine.ca,
      requestCert: true,
      rejectUnauthorized: true,
      ...options.tls,
    },
    (request, response) => {
      callers.push((request.socket as TLSSocket).getPeerCertificate().subject.CN as string);
      listener(request, response);
    },
  );
  if (options.expecting) server.on('checkContinue', options.expecting);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(
    () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const root = `https://${name}${options.host ? '' : `:${port}`}/Z99904/STU3/1/gpconnect/fhir`;
  await register(spine, root, name, options.interactions);
  return { port, root, callers };
}

const ALL = ['fhir:rest:read:metadata-1', 'fhir:rest:search:slot-1', 'fhir:rest:create:appointment-1'];

export async function register(spine: Spine, root: string, fqdn: string, interactions = ALL): Promise<void> {
  const system = {
    asid: OWN_PROVIDER,
    ods: 'Z99904',
    partyKey: OWN_PARTY,
    interactions: interactions.map((name) => INTERACTION + name),
  };
  const answers = [await spine.admin('POST', '/api/world/systems', system)];
  for (const [index, interaction] of interactions.entries()) {
    answers.push(
      await spine.admin('POST', '/api/world/handlers', {
        cpaId: `S99999999910${index}`,
        ods: 'Z99904',
        partyKey: OWN_PARTY,
        service: INTERACTION.slice(0, -1),
        interaction,
        endpoint: root,
        fqdn,
        contract: {},
      }),
    );
  }
  for (const { status, body } of answers) if (status !== 201) throw new Error(JSON.stringify(body));
}

/** A TCP port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** The directory's two ports: LDAPS behind the front door, and LDAP in clear text with StartTLS. */
import { createServer, type Server, type Socket } from 'node:net';
import { findHost } from '../config/hosts.ts';
import { Exchange, type ExchangeContext } from '../core/exchange/exchange.ts';
import type { ClientCertificate, TlsFacts } from '../core/tls/facts.ts';
import { createFrontDoor, type FrontDoor } from '../core/tls/frontDoor.ts';
import type { Sds } from '../services/sds/sds.ts';
import type { ConnectionFacts } from '../services/sds/session.ts';
import { doorOptions } from './https.ts';
import type { DoorPolicy } from './tlsPolicy.ts';

export interface LdapServers {
  ldaps: Server;
  ldap: Server;
  door: FrontDoor;
}

/** Both servers, not listening yet. Closing them is the caller's: door and directory have their own `close`. */
export function createLdapServers(context: ExchangeContext, policy: DoorPolicy, sds: Sds): LdapServers {
  const door = createFrontDoor({
    ...doorOptions(context, policy, 'ldaps'),
    plainText: 'close',
    onSecure: (socket, facts) => {
      const peer = peerOf(socket);
      if (facts.answer400) refuse(context, socket, peer, facts);
      else sds.accept(socket, securedFacts(peer, facts));
    },
  });
  const ldaps = createServer({ noDelay: true }, (socket) => door.accept(socket));
  const ldap = createServer({ noDelay: true }, (socket) => {
    const peer = peerOf(socket);
    sds.accept(socket, { secure: false, peer }, (raw, secured) => {
      door.accept(raw, (tls, facts) => {
        if (facts.answer400) refuse(context, tls, peer, facts);
        else secured(tls, securedFacts(peer, facts));
      });
    });
  });
  return { ldaps, ldap, door };
}

function peerOf(socket: Socket): string | undefined {
  return socket.remoteAddress === undefined ? undefined : `${socket.remoteAddress}:${socket.remotePort}`;
}

function securedFacts(peer: string | undefined, facts: TlsFacts): ConnectionFacts {
  const { protocol, cipher, sni, profile, resumed } = facts;
  return {
    secure: true,
    peer,
    host: sni,
    spaceLabel: findHost(sni)?.spaceLabel,
    tls: { protocol, cipher, sni, profile, resumed },
    clientCertificate: facts.authorized ? shown(facts.clientCertificate!) : undefined,
  };
}

const shown = ({ cn, fingerprint256 }: ClientCertificate) => ({ cn, fingerprint: fingerprint256 });

/** LDAP has no page to answer with, as HTTP has: the connection is closed, and the journal says why. */
function refuse(context: ExchangeContext, socket: Socket, peer: string | undefined, facts: TlsFacts): void {
  const exchange = new Exchange(context, {
    protocol: 'ldap',
    direction: 'inbound',
    service: 'sds',
    resolved: { space: context.spaces.default, reason: 'default' },
    peer,
    host: facts.sni,
  });
  exchange.operation('connect');
  exchange.refuse('client-certificate', facts.authorizationError ?? 'no client certificate came', facts.advice);
  exchange.close();
  socket.on('error', () => {});
  socket.destroy();
}

/** Binds a server and says where, or why not, in words; and closes it again. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Logger } from 'pino';

export class ListenError extends Error {}

/** What the settings of a port and of its address are called, for the one who has to choose another. */
export interface ListenSettings {
  port: string;
  host: string;
}

const PORT_CAUSES: Record<string, string> = {
  EADDRINUSE: 'another process listens there already',
  EACCES: 'this user may not bind it (ports below 1024 need a privilege)',
};

const HOST_CAUSES: Record<string, string> = {
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such address',
  EAI_AGAIN: 'there is no such address',
};

/** Time that running exchanges get to end when a server is closed, in milliseconds. */
const DRAIN_MS = 1_500;
/** How often a server that closes looks for connections that have come to rest. */
const LOOK_MS = 50;

/** Connections of servers that don't know them themselves. */
const connections = new WeakMap<Server, Set<Socket>>();

/** Resolves with the bound port. Throws ListenError naming port, setting and cause. */
export function listen(
  server: Server,
  host: string,
  port: number,
  settings: ListenSettings,
  log: Logger,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const code = error.code ?? '';
      const cause = PORT_CAUSES[code] ?? HOST_CAUSES[code] ?? error.message;
      const setting = code in HOST_CAUSES ? settings.host : settings.port;
      reject(new ListenError(`can't listen on ${host}:${port}: ${cause}; choose another with ${setting}`));
    };
    server.once('error', failed);
    if (!knowsConnections(server)) connections.set(server, connectionsOf(server));
    server.listen(port, host, () => {
      server.off('error', failed);
      // A connection that can't be accepted (no file handles left) must not end the process.
      server.on('error', (error) => log.error({ err: error, port }, 'a connection could not be accepted'));
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no more connections, lets running exchanges end, then drops what is left. Never rejects; a closed one stays so. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((done) => {
    const http = knowsConnections(server) ? server : undefined;
    const look = setInterval(() => http?.closeIdleConnections(), LOOK_MS);
    const drop = setTimeout(() => {
      http?.closeAllConnections();
      for (const socket of connections.get(server) ?? []) socket.destroy();
    }, DRAIN_MS);
    server.close(() => {
      clearInterval(look);
      clearTimeout(drop);
      done();
    });
  });
}

const knowsConnections = (server: Server): server is HttpServer => 'closeAllConnections' in server;

function connectionsOf(server: Server): Set<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
}

/** Binds a server and says where, or why not, in words. */
import type { AddressInfo, Server } from 'node:net';

export class ListenError extends Error {}

const CAUSES: Record<string, string> = {
  EADDRINUSE: 'another process listens there already',
  EACCES: 'this user may not bind it (ports below 1024 need a privilege)',
  EADDRNOTAVAIL: 'this machine has no such address',
};

/** Resolves with the bound port. Throws ListenError naming port, setting and cause. */
export function listen(server: Server, host: string, port: number, setting: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const cause = CAUSES[error.code ?? ''] ?? error.message;
      reject(new ListenError(`can't listen on ${host}:${port}: ${cause}; choose another with --${setting}`));
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

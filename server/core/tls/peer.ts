/** The other end of a connection. */
import type { Socket } from 'node:net';

export interface Peer {
  address: string;
  port: number;
}

/** Empty and 0 for a socket that is gone already. */
export function peerOf(raw: Socket): Peer {
  return { address: raw.remoteAddress ?? '', port: raw.remotePort ?? 0 };
}

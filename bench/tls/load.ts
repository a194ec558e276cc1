/** Clients that only shake hands, in a process of their own. */
import { connect } from 'node:tls';

export interface HandshakeOrder {
  port: number;
  version: 'TLSv1.2' | 'TLSv1.3';
  count: number;
  connections: number;
  /** Each connection takes up the session of the one before it. */
  resumed: boolean;
}

/** Gives the session to be resumed. A request is made, because a server sends tickets of TLS 1.3 after the handshake only. */
function handshake({ port, version, resumed }: HandshakeOrder, session?: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'leaf.test', rejectUnauthorized: false } as const;
    let next: Buffer | undefined;
    const socket = connect({ ...options, minVersion: version, maxVersion: version, session }, () => {
      if (session && !socket.isSessionReused()) reject(new Error('the session was not resumed'));
      if (resumed) socket.write('GET / HTTP/1.1\r\nHost: leaf.test\r\nConnection: close\r\n\r\n');
      else socket.end();
    });
    socket.on('session', (given) => {
      next = given;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(next));
    socket.resume();
  });
}

process.on('message', async (order: HandshakeOrder | 'usage') => {
  if (order === 'usage') return;
  let begun = 0;
  const client = async () => {
    let session: Buffer | undefined;
    while (begun++ < order.count) {
      const next = await handshake(order, session);
      if (order.resumed) session = next ?? session;
    }
  };
  await Promise.all(Array.from({ length: order.connections }, client));
  process.send!('done');
});
process.channel?.ref();

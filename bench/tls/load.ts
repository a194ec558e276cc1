/** Clients that only shake hands, in a process of their own. */
import { connect } from 'node:tls';

export interface HandshakeOrder {
  port: number;
  version: 'TLSv1.2' | 'TLSv1.3';
  count: number;
  connections: number;
}

function handshake({ port, version }: HandshakeOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', servername: 'leaf.test', rejectUnauthorized: false } as const;
    const socket = connect({ ...options, minVersion: version, maxVersion: version }, () => socket.end());
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.resume();
  });
}

process.on('message', async (order: HandshakeOrder | 'usage') => {
  if (order === 'usage') return;
  let begun = 0;
  const client = async () => {
    while (begun++ < order.count) await handshake(order);
  };
  await Promise.all(Array.from({ length: order.connections }, client));
  process.send!('done');
});
process.channel?.ref();

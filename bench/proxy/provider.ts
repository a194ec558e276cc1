/**
 * A provider for both proxies: answers with four kilobytes, streams a large body at /large, takes any at POST. Gets its
 * certificate as a message, prints its port.
 */
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ProviderOrder {
  key: string;
  cert: string;
  /** Bytes of /large. */
  large: number;
}

const PIECE = Buffer.alloc(64 * 1024, 'x');
const ANSWER = Buffer.from(JSON.stringify({ resourceType: 'Bundle', text: 'x'.repeat(4000) }));

process.once('message', ({ key, cert, large }: ProviderOrder) => {
  const server = createServer({ key, cert }, (request, response) => {
    if (request.url?.includes('/large')) {
      response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': String(large) });
      let left = large;
      const pour = () => {
        while (left > 0) {
          const piece = left >= PIECE.length ? PIECE : PIECE.subarray(0, left);
          left -= piece.length;
          if (!response.write(piece)) {
            response.once('drain', pour);
            return;
          }
        }
        response.end();
      };
      pour();
      return;
    }
    request.resume().once('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/fhir+json', 'Content-Length': String(ANSWER.length) });
      response.end(ANSWER);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`provider on ${(server.address() as AddressInfo).port}.`));
});
// Its own listener keeps the channel, and so the process, until the order has come.
process.channel?.ref();

/** Plain text on a TLS port: the front door of Spine is an nginx, and says so in HTTP. */
import { nginxPage } from '../http/nginx.ts';

export interface PlainAnswer {
  reason: 'plain-http' | 'not-tls';
  response: Buffer;
}

const REQUEST_LINE = /^([A-Z_-]+) \S+ HTTP\/\d\.\d$/;
/** What may still become a request line. nginx takes capitals, `_` and `-` in a method. */
const REQUEST_LINE_BEGINNING = /^[A-Z_-]{1,32}( [^\r\n]*)?$/;
const HTTPS_PORT = 'The plain HTTP request was sent to HTTPS port';

/**
 * The answer to what came so far; undefined while it may still become a whole request header, which nginx reads before it
 * answers. `limit` is how many bytes of header are read, `date` the simulated time.
 */
export function answerPlain(received: Buffer, limit: number, date: Date): PlainAnswer | undefined {
  // Blank lines before a request are skipped (RFC 9112 2.2).
  const text = received.toString('latin1').replace(/^[\r\n]+/, '');
  const lineEnd = text.indexOf('\n');
  if (lineEnd < 0) {
    const possible = text === '' || REQUEST_LINE_BEGINNING.test(text.replace(/\r$/, ''));
    if (possible && received.length < limit) return undefined;
    return { reason: 'not-tls', response: page(date, undefined, true) };
  }
  const method = REQUEST_LINE.exec(text.slice(0, lineEnd).replace(/\r$/, ''))?.[1];
  if (method === undefined) return { reason: 'not-tls', response: page(date, undefined, true) };
  if (!/\r?\n\r?\n/.test(text) && received.length < limit) return undefined;
  return { reason: 'plain-http', response: page(date, HTTPS_PORT, method !== 'HEAD') };
}

function page(date: Date, detail: string | undefined, withBody: boolean): Buffer {
  const { headers, body } = nginxPage(400, detail);
  const content = Buffer.from(body as string | Buffer);
  const lines = ['HTTP/1.1 400 Bad Request'];
  for (const [name, value] of headers) {
    if (name === 'Connection') lines.push(`Content-Length: ${content.length}`);
    lines.push(`${name}: ${value}`);
    if (name === 'Server') lines.push(`Date: ${date.toUTCString()}`);
  }
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return withBody ? Buffer.concat([head, content]) : head;
}

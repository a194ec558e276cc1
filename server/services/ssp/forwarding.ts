/** Which header lines cross the proxy, and what it adds. */
import type { SspSettings } from '../../config/proxySettings.ts';
import type { HeaderLine } from '../../core/http/answer.ts';
import type { HttpExchange } from '../../core/http/httpExchange.ts';

/** Of one connection only (RFC 9110 7.6.1), with what a Connection header names. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

function endToEnd(lines: HeaderLine[], also: readonly string[] = []): HeaderLine[] {
  const dropped = new Set<string>(also);
  for (const [name, value] of lines) {
    if (name.toLowerCase() === 'connection')
      for (const listed of value.split(',')) dropped.add(listed.trim().toLowerCase());
  }
  return lines.filter(([name]) => {
    const lower = name.toLowerCase();
    return !HOP_BY_HOP.has(lower) && !lower.startsWith('proxy-') && !dropped.has(lower);
  });
}

function pairs(raw: string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([raw[at]!, raw[at + 1]!]);
  return lines;
}

export interface RequestHead {
  headers: HeaderLine[];
  hasBody: boolean;
}

/** Header lines for the provider: spelling, order and repeats as sent; framing anew, since each connection has its own. */
export function requestHead(exchange: HttpExchange, settings: SspSettings): RequestHead {
  const { request } = exchange;
  const headers = endToEnd(pairs(request.rawHeaders), ['host']);
  const chunked = request.headers['transfer-encoding'] !== undefined;
  const length = request.headers['content-length'];
  if (chunked) headers.push(['Transfer-Encoding', 'chunked']);
  // RFC 9110 8.6: a method that anticipates content says when it has none.
  else if (length === undefined && ['POST', 'PUT'].includes(exchange.method)) headers.push(['Content-Length', '0']);
  headers.push(...forwarded(exchange, settings));
  return { headers, hasBody: chunked || Number(length ?? 0) > 0 };
}

/** RFC 7239 4: the consumer's address, the name that it called, and how. */
function forwarded(exchange: HttpExchange, { forwardedHeaders }: SspSettings): HeaderLine[] {
  const address = (exchange.request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  const node = address.includes(':') ? `"[${address}]"` : address;
  // A client of HTTP/1.0 may name no host.
  const host = exchange.header('Host');
  const named = host === undefined ? '' : `host=${/[^\w.-]/.test(host) ? `"${host.replace(/["\\]/g, '')}"` : host};`;
  const lines: HeaderLine[] = [];
  if (forwardedHeaders === 'both' || forwardedHeaders === 'forwarded') {
    lines.push(['Forwarded', `for=${node};${named}proto=https`]);
  }
  if (forwardedHeaders === 'both' || forwardedHeaders === 'x-forwarded-for') lines.push(['X-Forwarded-For', address]);
  return lines;
}

/** Header lines for the consumer. */
export function answerHeaders(received: HeaderLine[], settings: SspSettings): HeaderLine[] {
  return endToEnd(received, settings.dropCacheHeaders ? ['cache-control', 'etag'] : []);
}

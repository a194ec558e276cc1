/** Reads which host and path a request is for, as nginx does before any service sees it. */
import type { IncomingMessage } from 'node:http';

const ABSOLUTE_FORM = /^https?:\/\/([^/?#]*)(.*)$/is;

/**
 * Brings a target in absolute form, as clients behind a proxy send it, into origin form; its host counts in place of the
 * header's (RFC 9112 3.2.2). Returns why the request must be refused with 400 (RFC 9112 3.2): no Host in HTTP/1.1, or several.
 */
export function readTarget(request: IncomingMessage): string | undefined {
  const { url = '/', rawHeaders } = request;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1) return 'the request has several Host headers';
  if (hosts === 0 && request.httpVersion !== '1.0') return 'the request has no Host header';
  if (url.startsWith('/')) return undefined;
  const absolute = ABSOLUTE_FORM.exec(url);
  if (!absolute) return undefined;
  const [, host, rest = ''] = absolute;
  request.headers.host = host;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  return undefined;
}

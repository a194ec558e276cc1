/** Exchanges over HTTP as an HTTP Archive 1.2, which browsers' developer tools and proxies open. */
import type { JournalEntry, WireMessage } from '../entry.ts';
import { bodyView } from '../view.ts';

type Pair = { name: string; value: string };

const pairs = (headers: WireMessage['headers'] = []): Pair[] => headers.map(([name, value]) => ({ name, value }));

const headerOf = ({ headers = [] }: WireMessage, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

function contentOf(message: WireMessage) {
  const body = bodyView(message.body);
  return {
    size: body?.bytes ?? 0,
    mimeType: headerOf(message, 'content-type') ?? '',
    ...(body?.text === undefined ? {} : { text: body.text }),
    ...(body?.base64 === undefined ? {} : { text: body.base64, encoding: 'base64' }),
    ...(body?.truncated ? { comment: 'only the beginning was kept' } : {}),
  };
}

function urlOf({ tls, host = 'localhost', path = '/' }: JournalEntry): string {
  return `${tls === undefined ? 'http' : 'https'}://${host}${path}`;
}

function entryOf(entry: JournalEntry) {
  const { request, response, method = '', status = 0, durationMs } = entry;
  const url = urlOf(entry);
  const content = contentOf(request);
  const query = URL.canParse(url) ? [...new URL(url).searchParams] : [];
  return {
    startedDateTime: entry.at,
    time: durationMs,
    request: {
      method,
      url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(request.headers),
      queryString: query.map(([name, value]): Pair => ({ name, value })),
      ...(request.body && request.body.bytes > 0
        ? { postData: { mimeType: content.mimeType, text: content.text ?? '' } }
        : {}),
      headersSize: -1,
      bodySize: request.body?.bytes ?? 0,
    },
    response: {
      status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairs(response.headers),
      content: contentOf(response),
      redirectURL: headerOf(response, 'location') ?? '',
      headersSize: -1,
      bodySize: response.body?.bytes ?? 0,
    },
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    _id: entry.id,
    _service: entry.service,
    _operation: entry.operation,
    _interaction: entry.interaction,
    _direction: entry.direction,
    _space: entry.space,
    _outcome: entry.outcome,
    _advice: entry.advice,
  };
}

/** Oldest first. LDAP operations and refused handshakes have no place in it and are left out. */
export function toHar(entries: readonly JournalEntry[], version: string): string {
  const http = entries.filter(({ protocol }) => protocol === 'http').map(entryOf);
  const creator = { name: 'spine-sim', version };
  return `${JSON.stringify({ log: { version: '1.2', creator, entries: http } }, null, 1)}\n`;
}

/** Where a URL leads: the raw target for the wire, and the socket address, which may be another than the name says. */
import { findHost } from '../../config/hosts.ts';

export interface Target {
  secure: boolean;
  /** As in the URL, port included if it has one: the Host header. */
  authority: string;
  /** Host name without port and brackets: SNI and the name in the certificate. */
  name: string;
  port: number;
  /** Path and query byte for byte, at least `/`. */
  path: string;
}

const URL_FORM = /^(https?):\/\/((\[[0-9a-f:.]+\]|[a-z0-9._~-]+)(?::(\d{1,5}))?)(?=$|[/?])([^#]*)$/i;

/** Characters that a request line can't carry (RFC 9112 3.2): controls, blanks and what is beyond one byte. */
const NOT_IN_TARGET = /[^\x21-\xff]/;

/** Undefined when the text is no http(s) URL that can be asked for. User names in URLs are not taken (RFC 9110 4.2.4). */
export function readTarget(url: string): Target | undefined {
  const match = URL_FORM.exec(url);
  if (!match || NOT_IN_TARGET.test(url)) return undefined;
  const [, scheme, authority, host, digits, rest] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const secure = scheme.toLowerCase() === 'https';
  const port = digits === undefined ? (secure ? 443 : 80) : Number(digits);
  if (port === 0 || port > 65_535) return undefined;
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return { secure, authority, name: host.replace(/^\[|\]$/g, '').toLowerCase(), port, path };
}

export interface Address {
  host: string;
  port: number;
  secure: boolean;
  /** Why it is another than the URL says. */
  because?: 'own' | 'connect';
}

/** What the environment knows of addresses. */
export interface AddressBook {
  /** Setting `outbound.connect`: host name, or host name and port, to `host:port` or `http://host:port`. */
  connect: Readonly<Record<string, string>>;
  /** Our own HTTPS listener; undefined while it is not bound. */
  own: { host: string; port: number } | undefined;
}

const CONNECT_FORM = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})\/?$/i;

/** The address of an `outbound.connect` entry; undefined for a text that is none. */
export function readConnect(text: string): Address | undefined {
  const match = CONNECT_FORM.exec(text);
  if (!match || Number(match[3]) > 65_535) return undefined;
  return {
    host: match[2]!.replace(/^\[|\]$/g, ''),
    port: Number(match[3]),
    secure: match[1]?.toLowerCase() !== 'http',
    because: 'connect',
  };
}

/** The socket address for a target: as the settings say, else our own listener for our own names, else as the URL says. */
export function addressOf(target: Target, book: AddressBook): Address {
  const configured = book.connect[`${target.name}:${target.port}`] ?? book.connect[target.name];
  const connect = configured === undefined ? undefined : readConnect(configured);
  if (connect) return connect;
  if (isOwn(target) && book.own) return { ...book.own, secure: true, because: 'own' };
  return { host: target.name, port: target.port, secure: target.secure };
}

/** Our names on the standard port; `localhost` is any system of the developer's. */
function isOwn(target: Target): boolean {
  const match = findHost(target.name);
  return match !== undefined && match.host.role !== 'local' && target.secure && target.port === 443;
}

/** The provider's URL inside the request target: `/https://host/path?query`, or percent-encoded in one segment. */
import { readTarget } from '../../core/outbound/target.ts';

export type TargetFault =
  | 'none'
  | 'collapsed'
  | 'doubled'
  | 'encoded-twice'
  | 'credentials'
  | 'no-scheme'
  | 'plain'
  | 'unreadable';

export type TargetUrl =
  /** The URL as it goes out, byte for byte but for the outer encoding. */
  { url: string } | { fault: TargetFault; url: string };

/** `https://` percent-encoded, as consumers of the record locator send it. */
const ENCODED = /^https?%3a%2f%2f/i;

/** A client that normalises paths has made one slash of two. */
const COLLAPSED = /^https?:\/(?!\/)/i;

/** What else clients make of it, each with its own advice. */
const FAULTS: [form: RegExp, fault: TargetFault][] = [
  [COLLAPSED, 'collapsed'],
  [/^\/+https?(:|%3a)/i, 'doubled'],
  [/^https?%25/i, 'encoded-twice'],
  [/^http:\/\//i, 'plain'],
  [/^https:\/\/[^/?]*@/i, 'credentials'],
  [/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?([/?]|$)/i, 'no-scheme'],
];

/** `rawUrl`: the request target as sent; nothing of it is decoded but the outer encoding of the second form. */
export function readTargetUrl(rawUrl: string): TargetUrl {
  const raw = rawUrl.slice(1);
  if (raw === '' || raw.startsWith('?')) return { fault: 'none', url: raw };
  const url = ENCODED.test(raw) ? decodeOnce(raw) : raw;
  const fault = FAULTS.find(([form]) => form.test(url))?.[1];
  if (fault) return { fault, url };
  const target = /^https:\/\//i.test(url) ? readTarget(url) : undefined;
  return target ? { url } : { fault: 'unreadable', url };
}

/** What stands before a bare `?` is decoded byte for byte; a query behind it belongs to the provider as it is. */
function decodeOnce(raw: string): string {
  const mark = raw.indexOf('?');
  const encoded = mark < 0 ? raw : raw.slice(0, mark);
  const decoded = encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return mark < 0 ? decoded : decoded + raw.slice(mark);
}

/** True when the URL is the endpoint or lies under it: scheme and host in any case, the rest exactly. */
export function isUnder(url: string, endpoint: string): boolean {
  const head = url.slice(0, endpoint.length);
  if (head !== endpoint && foldHost(head) !== foldHost(endpoint)) return false;
  const next = url[endpoint.length];
  return next === undefined || next === '/' || next === '?';
}

function foldHost(url: string): string {
  return url.replace(/^https?:\/\/[^/?]*/i, (head) => head.toLowerCase());
}

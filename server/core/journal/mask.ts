/** Takes secrets and tokens out of what the journal keeps and shows. */
import type { Body, JournalEntry, WireMessage } from './entry.ts';

/** What stands in the place of a secret. */
export const MASKED = '***';

/** Names of fields that hold secrets: of headers, of queries and forms, of JSON members, gpPARAMs, XML elements. */
const NAMES = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'apikey',
  'api_key',
  'x-api-key',
  'password',
  'passcode',
  'pin',
  'secret',
  'client_secret',
  'client_assertion',
  'access_token',
  'refresh_token',
  'id_token',
  'token',
  'ticket',
  'sso_ticket',
  'ssoticket',
  'samlresponse',
  'assertion',
  'binarysecuritytoken',
];

/** Headers whose value begins with the name of a scheme, which is no secret (RFC 9110 11.4). */
const WITH_SCHEME = new Set(['authorization', 'proxy-authorization']);

/** A JSON web token by itself, wherever it stands: two objects in base64url and a signature. */
const JWT = /\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]*/g;

const escaped = (name: string) => name.replace(/[^\w]/g, '\\$&');

export class Mask {
  readonly #names: ReadonlySet<string>;
  readonly #patterns: [RegExp, string][];

  /** `more`: further names, in any case. */
  constructor(more: readonly string[] = []) {
    this.#names = new Set([...NAMES, ...more.map((name) => name.toLowerCase())]);
    const name = `(?:${[...this.#names].map(escaped).join('|')})`;
    this.#patterns = [
      [new RegExp(`("${name}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${MASKED}"`],
      [new RegExp(`((?:^|[?&\\n])${name}=)[^&\\s]*`, 'gi'), `$1${MASKED}`],
      // Also the parameters of a gpOBJECT and the fields of a page.
      [new RegExp(`(\\sname="${name}"[^>]*\\svalue=)"[^"]*"`, 'gi'), `$1"${MASKED}"`],
      [new RegExp(`(\\sname="${name}"[^>]*>)[^<]*<`, 'gi'), `$1${MASKED}<`],
      [new RegExp(`(<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>)[^<]+<`, 'gi'), `$1${MASKED}<`],
      [JWT, `eyJ${MASKED}`],
    ];
  }

  /** Changes the entry in place. Lengths on the wire stay as they were. */
  apply(entry: JournalEntry): void {
    if (entry.path !== undefined) entry.path = this.text(entry.path);
    for (const message of [entry.request, entry.response]) this.#message(message);
  }

  /** A masked copy. */
  masked(entry: JournalEntry): JournalEntry {
    const copy = { ...entry, request: { ...entry.request }, response: { ...entry.response } };
    this.apply(copy);
    return copy;
  }

  text(text: string): string {
    return this.#patterns.reduce((masked, [pattern, to]) => masked.replace(pattern, to), text);
  }

  #message(message: WireMessage): void {
    message.headers = message.headers?.map(([name, value]) => [name, this.#header(name.toLowerCase(), value)]);
    if (message.body) message.body = this.#body(message.body);
  }

  #header(name: string, value: string): string {
    if (!this.#names.has(name)) return this.text(value);
    const scheme = WITH_SCHEME.has(name) ? /^[\w-]+ /.exec(value)?.[0] : undefined;
    return `${scheme ?? ''}${MASKED}`;
  }

  /** Bytes that are no text are seen one by one, and come out as they were. */
  #body({ bytes, content }: Body): Body {
    const text = content.toString('latin1');
    const masked = this.text(text);
    return masked === text ? { bytes, content } : { bytes, content: Buffer.from(masked, 'latin1') };
  }
}

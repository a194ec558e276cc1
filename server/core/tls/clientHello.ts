/** Reads a ClientHello message (RFC 8446 4.1.2, RFC 5246 7.4.1.2) or its SSLv2 form (RFC 5246 E.2). */
import { type Cursor, HelloSyntaxError } from './cursor.ts';
import { isGrease, versionName } from './versions.ts';

/** What a client offers, as far as a person needs it to see why a handshake failed. */
export interface ClientHello {
  /** `sslv2` is the old form that Java 6 and .NET 1.1 sent to offer TLS 1.0 to unknown servers. */
  format: 'tls' | 'sslv2';
  /** legacy_version of the hello as a number: 0x0303 for TLS 1.2 and 1.3. */
  legacyVersionCode: number;
  /** The same by name. */
  legacyVersion: string;
  /**
   * The versions of the supported_versions extension in the client's order; without that extension only the legacy version,
   * which means "this one or, it may be, a lower one" (RFC 5246 E.1).
   */
  offeredVersions: string[];
  /** True when the versions come from the supported_versions extension, so nothing else will do for the client. */
  versionsListed: boolean;
  /** Host name of the server_name extension, lower case, without a final dot; absent if there is none or it is no host name. */
  sni?: string | undefined;
  /** Numbers in the client's order, without GREASE; see `cipherSuiteName`. */
  readonly cipherSuites: number[];
  alpn: string[];
  /** Numbers of the signature_algorithms extension (RFC 8446 4.2.3). */
  readonly signatureAlgorithms?: number[] | undefined;
}

const EXTENSION = { serverName: 0, signatureAlgorithms: 13, alpn: 16, supportedVersions: 43 } as const;
const HOST_NAME_TYPE = 0;
const RANDOM_BYTES = 32;
/** RFC 5246 7.4.1.2: opaque SessionID<0..32>. */
const MAX_SESSION_ID_BYTES = 32;
/** RFC 1035 2.3.4, as text. What is longer or has other characters is no host that could be known. */
const MAX_HOST_NAME_LENGTH = 253;
const HOST_NAME = /^[a-z0-9_][a-z0-9_.-]*$/;

/** Reads the body of a ClientHello handshake message (after its four bytes of type and length). Throws `HelloSyntaxError`. */
export function parseClientHello(cursor: Cursor): ClientHello {
  const legacyVersionCode = cursor.u16();
  cursor.skip(RANDOM_BYTES);
  if (cursor.vector8().left > MAX_SESSION_ID_BYTES)
    throw new HelloSyntaxError('the session id is longer than 32 bytes');
  const cipherSuites = new LazyNumbers(cursor.vector16());
  if (cursor.vector8().left === 0) throw new HelloSyntaxError('the list of compression methods is empty');
  const hello = new ReadHello('tls', legacyVersionCode, cipherSuites);
  if (cursor.left > 0) readExtensions(cursor.vector16(), hello);
  if (cursor.left > 0) throw new HelloSyntaxError('bytes follow the extensions');
  return hello;
}

/** Reads an SSLv2 CLIENT-HELLO (after its two bytes of length). Throws `HelloSyntaxError`. */
export function parseSslv2Hello(cursor: Cursor): ClientHello {
  cursor.skip(1);
  const version = cursor.u16();
  const specs = cursor.u16();
  cursor.skip(4);
  const suites = cursor.part(specs);
  const cipherSuites: number[] = [];
  while (suites.left >= 3) {
    // A suite of TLS is written with a zero before it; the others are SSLv2's own.
    const kind = suites.u8();
    const code = suites.u16();
    if (kind === 0) cipherSuites.push(code);
  }
  return new ReadHello('sslv2', version, { values: cipherSuites });
}

/** A list of two-byte values without GREASE, read when somebody asks for it: only a refusal does. */
class LazyNumbers {
  #list: Cursor;
  #values: number[] | undefined;

  /** Throws `HelloSyntaxError` for what is no such list. */
  constructor(list: Cursor) {
    this.#list = list.whole16s();
  }

  get values(): number[] {
    this.#values ??= this.#list.u16s(isGrease);
    return this.#values;
  }
}

type Numbers = Pick<LazyNumbers, 'values'>;

class ReadHello implements ClientHello {
  readonly format: ClientHello['format'];
  readonly legacyVersionCode: number;
  readonly legacyVersion: string;
  offeredVersions: string[];
  versionsListed = false;
  sni: string | undefined;
  alpn: string[] = [];
  algorithms: Numbers | undefined;
  readonly #suites: Numbers;

  constructor(format: ClientHello['format'], legacyVersionCode: number, suites: Numbers) {
    this.format = format;
    this.legacyVersionCode = legacyVersionCode;
    this.legacyVersion = versionName(legacyVersionCode);
    this.offeredVersions = [this.legacyVersion];
    this.#suites = suites;
  }

  get cipherSuites(): number[] {
    return this.#suites.values;
  }

  get signatureAlgorithms(): number[] | undefined {
    return this.algorithms?.values;
  }
}

function readExtensions(extensions: Cursor, hello: ReadHello): void {
  while (extensions.left > 0) {
    const type = extensions.u16();
    const length = extensions.u16();
    if (type === EXTENSION.serverName) hello.sni = readServerName(extensions.part(length).vector16());
    else if (type === EXTENSION.alpn) hello.alpn = readAlpn(extensions.part(length).vector16());
    else if (type === EXTENSION.signatureAlgorithms) {
      hello.algorithms = new LazyNumbers(extensions.part(length).vector16());
    } else if (type === EXTENSION.supportedVersions) {
      hello.offeredVersions = extensions.part(length).vector8().u16s(isGrease).map(versionName);
      hello.versionsListed = true;
    } else extensions.skip(length);
  }
}

function readServerName(list: Cursor): string | undefined {
  while (list.left > 0) {
    const type = list.u8();
    const name = list.vector16();
    if (type !== HOST_NAME_TYPE) continue;
    const text = name.latin1().toLowerCase();
    const host = text.endsWith('.') ? text.slice(0, -1) : text;
    return host.length <= MAX_HOST_NAME_LENGTH && HOST_NAME.test(host) ? host : undefined;
  }
  return undefined;
}

function readAlpn(list: Cursor): string[] {
  const protocols: string[] = [];
  while (list.left > 0) {
    const name = list.vector8().latin1();
    // GREASE in ALPN is a two-byte name of such a value (RFC 8701 2).
    if (name.length === 2 && isGrease((name.charCodeAt(0) << 8) | name.charCodeAt(1))) continue;
    // What may be shown is printable ASCII.
    protocols.push(name.replace(/[^\x20-\x7e]/g, '?'));
  }
  return protocols;
}

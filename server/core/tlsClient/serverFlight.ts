/** What a TLS 1.2 server says in clear before encryption begins (RFC 5246 7.4). TLS 1.3 encrypts all of it but the ServerHello. */
import { X509Certificate } from 'node:crypto';

export interface ServerFlight {
  /** As sent, the leaf first if the server does it right. */
  certificates: X509Certificate[];
  /** Set when the server asks for a client certificate: the names of the authorities that it takes, in DER. */
  clientAuthorities: Buffer[] | undefined;
}

const HANDSHAKE_RECORD = 22;
const RECORD_HEADER_BYTES = 5;
const CERTIFICATE = 11;
const CERTIFICATE_REQUEST = 13;

/** Reads the bytes that came from the server; what is cut off or is no TLS 1.2 gives what could be read. */
export function readServerFlight(received: Buffer): ServerFlight {
  const flight: ServerFlight = { certificates: [], clientAuthorities: undefined };
  for (const { type, body } of handshakeMessages(received)) {
    try {
      if (type === CERTIFICATE) flight.certificates = certificatesIn(body);
      if (type === CERTIFICATE_REQUEST) flight.clientAuthorities = authoritiesIn(body);
    } catch {
      // A certificate that can't be read: OpenSSL has told so already.
    }
  }
  return flight;
}

function* handshakeMessages(received: Buffer): Generator<{ type: number; body: Buffer }> {
  const parts: Buffer[] = [];
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= received.length && received[at] === HANDSHAKE_RECORD) {
    const end = at + RECORD_HEADER_BYTES + received.readUInt16BE(at + 3);
    parts.push(received.subarray(at + RECORD_HEADER_BYTES, end));
    at = end;
  }
  const bytes = Buffer.concat(parts);
  for (let from = 0; from + 4 <= bytes.length; ) {
    const end = from + 4 + bytes.readUIntBE(from + 1, 3);
    if (end > bytes.length) return;
    yield { type: bytes[from]!, body: bytes.subarray(from + 4, end) };
    from = end;
  }
}

/** RFC 5246 7.4.2: a list of certificates, each with three bytes of length. */
function certificatesIn(body: Buffer): X509Certificate[] {
  return [...vectors(body.subarray(3), 3)].map((der) => new X509Certificate(der));
}

/** RFC 5246 7.4.4: certificate types, signature algorithms, names. */
function authoritiesIn(body: Buffer): Buffer[] {
  const algorithms = 1 + body[0]!;
  const names = algorithms + 2 + body.readUInt16BE(algorithms);
  return [...vectors(body.subarray(names + 2), 2)];
}

function* vectors(bytes: Buffer, lengthBytes: number): Generator<Buffer> {
  for (let at = 0; at + lengthBytes <= bytes.length; ) {
    const end = at + lengthBytes + bytes.readUIntBE(at, lengthBytes);
    yield bytes.subarray(at + lengthBytes, end);
    at = end;
  }
}

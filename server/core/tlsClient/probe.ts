/** One handshake with a server, and how it ended. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { alertOf } from '../tls/alerts.ts';
import { fromNodeVersion, type TlsVersion, toNodeVersion } from '../tls/versions.ts';
import { Recorder } from './recorder.ts';
import { readServerFlight, type ServerFlight } from './serverFlight.ts';

/** Longest wait for connection and handshake, in milliseconds of real time. */
const PROBE_TIMEOUT_MS = 10_000;

/**
 * A TLS 1.3 server that wants another client certificate says so only after the client thinks that all is done; one that is content
 * sends session tickets. For a server that does neither, so long in milliseconds is enough.
 */
const AFTER_HANDSHAKE_MS = 300;

/** Longest wait for the status line of an HTTP answer, in milliseconds. */
const STATUS_MS = 3_000;

export interface ProbeRequest {
  host: string;
  port: number;
  /** Name for SNI and for the check of the certificate; default `host`. */
  servername?: string | undefined;
  /** The one version to offer; default TLS 1.2 and 1.3. */
  version?: TlsVersion | undefined;
  /** OpenSSL's list; default: everything, old suites for old versions included. */
  ciphers?: string | undefined;
  /** PEM to trust. */
  ca: string | string[];
  /** PEM of a client certificate with its chain, and its key. */
  cert?: string | undefined;
  key?: string | undefined;
  /** Also send an HTTP request, as some servers refuse a certificate by its answer. */
  http?: boolean | undefined;
  timeoutMs?: number | undefined;
}

export interface ProbeResult {
  accepted: boolean;
  /** Why not, in words: `alert protocol_version`, `connection reset`, ... */
  reason?: string | undefined;
  /** Name of the alert that the server sent. */
  alert?: string | undefined;
  /** Code of Node or OpenSSL. */
  code?: string | undefined;
  protocol?: string | undefined;
  /** IANA name. */
  cipher?: string | undefined;
  /** OpenSSL's code for what is wrong with the server's certificate; absent: it is trusted, and it is for the name. */
  certificateError?: string | undefined;
  certificate?: PeerCertificate | undefined;
  /** Status of the answer to the HTTP request; absent when none came. */
  status?: number | undefined;
  /** The server closed the connection where an answer to the HTTP request was due. */
  closedAfter?: boolean | undefined;
  /** What came in clear; empty for TLS 1.3. */
  flight: ServerFlight;
}

/** Never rejects. */
export async function probe(request: ProbeRequest): Promise<ProbeResult> {
  const { host, port, timeoutMs = PROBE_TIMEOUT_MS } = request;
  const nothing: ServerFlight = { certificates: [], clientAuthorities: undefined };
  const signal = AbortSignal.timeout(timeoutMs);
  let socket: Socket;
  try {
    socket = await connected(host, port, signal);
  } catch (error) {
    return { accepted: false, flight: nothing, ...failure(error, timeoutMs) };
  }
  const recorder = new Recorder(socket);
  try {
    const result = await shakeHands(request, recorder, signal);
    return { ...result, flight: readServerFlight(recorder.received) };
  } catch (error) {
    return { accepted: false, flight: readServerFlight(recorder.received), ...failure(error, timeoutMs) };
  } finally {
    recorder.destroy();
  }
}

function connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    const abort = () => socket.destroy(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

type Handshake = Omit<ProbeResult, 'flight'>;

function shakeHands(request: ProbeRequest, recorder: Recorder, signal: AbortSignal): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const socket = connectTls(optionsOf(request, recorder));
    socket.once('error', reject);
    socket.once('close', () => reject(signal.aborted ? signal.reason : new Error('closed')));
    signal.addEventListener('abort', () => socket.destroy(signal.reason), { once: true });
    socket.once('secureConnect', () => {
      const found = facts(socket);
      const done = () => resolve(found);
      if (request.http) {
        const { host, servername = host } = request;
        askStatus(socket, servername, (answer) => resolve({ ...found, ...answer }), reject);
        return;
      }
      if (found.protocol !== 'TLSv1.3') return done();
      socket.once('session', done);
      socket.resume();
      setTimeout(done, AFTER_HANDSHAKE_MS).unref();
    });
  });
}

/** The status line is all that is waited for. `refused`: the server ended the connection by an alert. */
function askStatus(
  socket: TLSSocket,
  name: string,
  done: (answer: Pick<ProbeResult, 'status' | 'closedAfter'>) => void,
  refused: (error: Error) => void,
): void {
  let text = '';
  socket.removeAllListeners('close');
  socket.removeAllListeners('error');
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    const status = /^HTTP\/1\.\d (\d{3})/.exec(text)?.[1];
    if (status !== undefined) done({ status: Number(status) });
  });
  socket.on('error', (error) => (/SSL alert/.test(error.message) ? refused(error) : done({ closedAfter: true })));
  socket.on('close', () => done({ closedAfter: true }));
  setTimeout(() => done({}), STATUS_MS).unref();
  socket.write(`GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
}

function optionsOf({ host, servername = host, version, ciphers, ca, cert, key }: ProbeRequest, socket: Recorder) {
  const options: ConnectionOptions = {
    socket,
    // The name that the certificate is held against.
    host: servername,
    ca,
    minVersion: toNodeVersion(version ?? 'TLSv1.2'),
    maxVersion: toNodeVersion(version ?? 'TLSv1.3'),
    ciphers: ciphers ?? 'DEFAULT:@SECLEVEL=0',
    // What is wrong with the certificate is a finding, not the end.
    rejectUnauthorized: false,
    ...(isIP(servername) ? {} : { servername }),
    ...(cert === undefined ? {} : { cert, key }),
  };
  return options;
}

function facts(socket: TLSSocket): Handshake {
  // A string at run time, whatever its type says.
  const certificateError = socket.authorizationError as unknown as string | null | undefined;
  return {
    accepted: true,
    protocol: fromNodeVersion(socket.getProtocol()),
    cipher: socket.getCipher().standardName,
    certificate: socket.getPeerCertificate(true),
    ...(certificateError ? { certificateError: String(certificateError) } : {}),
  };
}

const WORDS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'connection reset, or closed without an alert',
  EPIPE: 'connection reset, or closed without an alert',
  closed: 'closed without an alert',
  ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'closed without an alert',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'the server chose a version that was not offered',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what answers does not speak TLS',
};

function failure(error: unknown, timeoutMs: number): Pick<ProbeResult, 'reason' | 'alert' | 'code'> {
  const { name, message, code = message } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError') return { reason: `no answer within ${timeoutMs / 1000} s`, code: 'ETIMEDOUT' };
  const number = /SSL alert number (\d+)/.exec(message)?.[1];
  if (number !== undefined) {
    const alert = alertOf(Number(number)).name;
    return { reason: `alert ${alert}`, alert, code };
  }
  return { reason: WORDS[code] ?? message, code };
}

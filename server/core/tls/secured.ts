/** Reads the facts of a handshake that OpenSSL has completed, and what the profile says about the client's certificate. */
import type { TLSSocket } from 'node:tls';
import { adviceFor } from './advice.ts';
import type { ClientHello } from './clientHello.ts';
import type { ClientCertificateAnswer, TlsFacts } from './facts.ts';
import type { Peer } from './peer.ts';
import type { TlsProfile } from './profiles.ts';
import { clientCertificateOf } from './secureSocket.ts';
import { fromNodeVersion } from './versions.ts';

/** `now` is the simulated time in milliseconds, for the dates of the client's certificate. */
export function factsOfSecured(
  socket: TLSSocket,
  peer: Peer,
  profile: TlsProfile,
  hello: ClientHello,
  knownHost: boolean,
  now: number,
): TlsFacts {
  const clientCertificate = profile.clientCertificate === 'none' ? undefined : clientCertificateOf(socket, now);
  const detail = clientCertificate?.error;
  const answer400 = answerFor(profile, clientCertificate);
  const reason = clientCertificate ? 'client-certificate-untrusted' : 'client-certificate-missing';
  return {
    peer,
    protocol: fromNodeVersion(socket.getProtocol()),
    cipher: socket.getCipher()?.standardName ?? '',
    sni: hello.sni,
    knownHost,
    alpn: socket.alpnProtocol || undefined,
    profile: profile.name,
    resumed: socket.isSessionReused(),
    hello,
    clientCertificate,
    authorized: clientCertificate?.trusted === true,
    authorizationError: detail,
    answer400,
    advice: answer400 && adviceFor(reason, { hello, profile, detail }),
  };
}

function answerFor(
  profile: TlsProfile,
  certificate: TlsFacts['clientCertificate'],
): ClientCertificateAnswer | undefined {
  if (certificate) return certificate.trusted ? undefined : 'The SSL certificate error';
  return profile.clientCertificate === 'required' ? 'No required SSL certificate was sent' : undefined;
}

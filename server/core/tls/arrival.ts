/** One connection at the front door: the hello, the host's policy, the handshake, and one report of how it ended. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { abandonedAdvice, adviceFor } from './advice.ts';
import { type Alert, type AlertName, alertNamed, alertRecord } from './alerts.ts';
import type { ClientHello } from './clientHello.ts';
import type { Credentials } from './credentials.ts';
import { divert, restore } from './diversion.ts';
import { rememberTlsFacts, type TlsFacts } from './facts.ts';
import type { Door, SecureHandler } from './frontDoor.ts';
import { type HelloProgress, HelloReader } from './helloReader.ts';
import { halfClose, holdOpen, ignoreError, sayAndLeave } from './leaving.ts';
import { failureOf } from './openSslErrors.ts';
import { type Peer, peerOf } from './peer.ts';
import { answerPlain } from './plainHttp.ts';
import { allowsVersion, type HelloFault, negotiatesTls13, type TlsProfile } from './profiles.ts';
import type { RefusalReason } from './refusal.ts';
import { factsOfSecured } from './secured.ts';
import { receive, releaseSecured, startServerTls } from './secureSocket.ts';
import { suspicionOf } from './suspicion.ts';

interface Told {
  detail?: string | undefined;
  alertSent?: Alert | undefined;
  alertReceived?: Alert | undefined;
}

/**
 * Listens to as little as it can, because listeners are most of what a front door costs: the raw socket's bytes until the
 * hello is whole, its `close` for all that goes wrong at any stage, and the TLS socket's `secure`.
 */
export class Arrival {
  #raw: Socket;
  #door: Door;
  #handler: SecureHandler;
  #peer: Peer;
  #startedAt = performance.now();
  #allowHalfOpen: boolean;
  #reader: HelloReader | undefined;
  #bytes = 0;
  #hello: ClientHello | undefined;
  #profile: TlsProfile | undefined;
  #knownHost = false;
  #credentials: Credentials | undefined;
  #localAddress: string | undefined;
  #delay: NodeJS.Timeout | undefined;
  #tls: TLSSocket | undefined;
  #facts: TlsFacts | undefined;
  #settled = false;

  constructor(raw: Socket, door: Door, handler: SecureHandler) {
    this.#raw = raw;
    this.#door = door;
    this.#handler = handler;
    this.#peer = peerOf(raw);
    this.#reader = new HelloReader(door.limits);
    // Until it is secure, a connection that the client ends is over; its owner may think otherwise afterwards.
    this.#allowHalfOpen = raw.allowHalfOpen;
    raw.allowHalfOpen = false;
    raw.on('error', ignoreError);
    raw.on('close', this.#onClose);
    if (raw.destroyed) this.#onClose();
    else divert(raw, this.#onData);
  }

  /** Ends it now, wherever it stands; nothing is said to the client. */
  refuse(reason: RefusalReason): void {
    this.#break(reason, () => (this.#tls ?? this.#raw).destroy());
  }

  #onData = (chunk: Buffer): void => {
    if (this.#settled) return;
    const progress = this.#reader!.push(chunk);
    if (progress.state === 'more') return;
    if (progress.state === 'hello') this.#onHello(progress.hello);
    else this.#onNoHello(progress);
  };

  #onNoHello(progress: Extract<HelloProgress, { state: 'plain' | 'bad' }>): void {
    const { options, limits } = this.#door;
    if (progress.state === 'bad') {
      const alertSent = progress.alert && alertNamed(progress.alert);
      this.#say(progress.reason, alertSent && alertRecord(alertSent), { detail: progress.detail, alertSent });
    } else if (options.plainText === 'close') {
      this.#say('not-tls', undefined, { detail: 'the first byte is not that of a TLS record' });
    } else {
      const answer = answerPlain(this.#reader!.received, limits.plainRequestBytes, options.clock.date());
      if (answer) this.#say(answer.reason, answer.response);
    }
  }

  #onHello(hello: ClientHello): void {
    this.#hello = hello;
    restore(this.#raw);
    this.#door.waiting.delete(this);
    this.#guarded(() => {
      const { profile, known } = this.#door.options.hosts(hello.sni);
      this.#profile = profile;
      this.#knownHost = known;
      if (profile.fault) this.#spoil(profile.fault);
      else this.#judge(hello, profile);
    });
  }

  /** What goes wrong in our own callbacks is told as internal_error, and never ends the process. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#door.fault(error);
      this.#alert('internal-error', 'internal_error', (error as Error).message);
    }
  }

  #spoil(fault: HelloFault): void {
    const raw = this.#raw;
    const { handshakeMs } = this.#door.limits;
    const act = (): void => {
      this.#door.delayed.delete(this);
      if (fault.action === 'proceed') this.#guarded(() => this.#judge(this.#hello!, this.#profile!));
      else if (fault.action === 'reset') this.#break('fault', () => raw.resetAndDestroy());
      else if (fault.action === 'half-close') this.#break('fault', () => halfClose(raw, handshakeMs));
      else this.#break('fault', () => holdOpen(raw, handshakeMs));
    };
    this.#door.delayed.add(this);
    this.#delay = setTimeout(act, fault.delayMs);
    this.#delay.unref();
  }

  #judge(hello: ClientHello, profile: TlsProfile): void {
    if (!this.#knownHost && hello.sni !== undefined && profile.unknownHost === 'alert') {
      this.#alert('unknown-host', 'unrecognized_name');
    } else if (!allowsVersion(profile, hello)) {
      this.#alert('protocol-version', 'protocol_version');
    } else if (!this.#raw.destroyed) {
      this.#shakeHands(hello, profile);
    }
  }

  #shakeHands(hello: ClientHello, profile: TlsProfile): void {
    const { options, contexts, alpn, shaking } = this.#door;
    const credentials = options.credentials({ host: hello.sni, variant: profile.serverCertificate });
    this.#credentials = credentials;
    // A closed socket does not know it any more.
    if (hello.sni === undefined) this.#localAddress = this.#raw.localAddress;
    const context = contexts.get(credentials, profile, options.clientTrust());
    const { received } = this.#reader!;
    this.#bytes = received.length;
    this.#reader = undefined;
    const request = profile.clientCertificate !== 'none';
    const require = profile.clientCertificate === 'required' && profile.missingClient === 'alert';
    const tls = startServerTls(this.#raw, { context, request, require, alpn });
    this.#tls = tls;
    tls.on('error', ignoreError);
    tls.on('secure', this.#onSecure);
    shaking.add(this);
    receive(tls, received);
  }

  #onSecure = (): void => {
    // Renegotiation, and a handshake that ends while it is being refused, come here too.
    if (this.#settled) return;
    const socket = this.#tls!;
    const { options } = this.#door;
    const facts = factsOfSecured(
      socket,
      this.#peer,
      this.#profile!,
      this.#hello!,
      this.#knownHost,
      options.clock.now(),
    );
    if (facts.clientCertificate && !facts.authorized && this.#profile!.untrustedClient === 'reset') {
      // Not at once: OpenSSL is still on the stack, and its socket must not vanish under it.
      const reset = () => setImmediate(() => this.#raw.resetAndDestroy());
      this.#break('client-certificate-untrusted', reset, { detail: facts.authorizationError });
      return;
    }
    this.#settle();
    this.#facts = facts;
    rememberTlsFacts(socket, facts);
    releaseSecured(socket);
    socket.allowHalfOpen = this.#allowHalfOpen;
    try {
      this.#handler(socket, facts);
    } catch (error) {
      this.#door.fault(error);
      socket.destroy();
    }
  };

  /** The connection is gone: before the hello, in the handshake, or long after. */
  #onClose = (): void => {
    if (this.#facts) this.#afterSecured(this.#facts);
    else if (this.#tls) this.#afterHandshake(this.#tls);
    else if (this.#hello) this.#break('handshake-cut-off', leave);
    else
      this.#break(this.#reader!.received.length === 0 ? 'no-hello' : 'hello-cut-off', leave, {
        detail: codeOf(this.#raw.errored),
      });
  };

  #afterHandshake(tls: TLSSocket): void {
    const error = tls.errored ?? this.#raw.errored ?? new Error('the connection was closed');
    const { reason, ...told } = failureOf(error, negotiatesTls13(this.#profile!, this.#hello!));
    this.#break(tls.errored || this.#raw.errored ? reason : 'handshake-cut-off', leave, told);
  }

  #afterSecured(facts: TlsFacts): void {
    const { onAbandoned } = this.#door.options;
    if (!onAbandoned || this.#tls!.bytesRead > 0) return;
    this.#report(() => {
      const suspicion = suspicionOf(facts, {
        profile: this.#profile!,
        credentials: this.#credentials!,
        localAddress: this.#localAddress,
        error: this.#raw.errored,
      });
      onAbandoned({ facts, suspicion, advice: abandonedAdvice(suspicion) });
    });
  }

  #alert(reason: RefusalReason, name: AlertName, detail?: string): void {
    const alertSent = alertNamed(name);
    this.#say(reason, alertRecord(alertSent, this.#hello!.legacyVersionCode), { alertSent, detail });
  }

  #say(reason: RefusalReason, last: Buffer | undefined, told?: Told): void {
    this.#break(reason, () => sayAndLeave(this.#raw, last, this.#door.limits.lingerMs), told);
  }

  /** The one place where a refusal is told. `end` ends the connection. */
  #break(reason: RefusalReason, end: () => void, told: Told = {}): void {
    if (this.#settled) return;
    this.#settle();
    if (!this.#hello) restore(this.#raw);
    end();
    this.#door.lingers(this.#raw);
    const { alertSent, alertReceived, detail } = told;
    const hello = this.#hello;
    const profile = this.#profile;
    this.#report(() =>
      this.#door.options.onRefused({
        reason,
        advice: adviceFor(reason, { hello, profile, alertReceived, detail }),
        detail,
        peer: this.#peer,
        profile: profile?.name,
        sni: hello?.sni,
        hello,
        alertSent,
        alertReceived,
        bytes: this.#reader?.received.length ?? this.#bytes,
        durationMs: performance.now() - this.#startedAt,
      }),
    );
  }

  #report(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#door.fault(error);
    }
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#delay);
    this.#door.settled(this);
  }
}

/** For a connection that has ended already. */
function leave(): void {}

function codeOf(error: Error | null): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** One connection at the front door: the hello, the host's policy, the handshake, and one report of how it ended. */
import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { abandonedAdvice, adviceFor } from './advice.ts';
import { type Alert, type AlertName, alertNamed, alertRecord } from './alerts.ts';
import type { ClientHello } from './clientHello.ts';
import type { SecureContexts } from './credentials.ts';
import { rememberTlsFacts } from './facts.ts';
import type { FrontDoorOptions, SecureHandler } from './frontDoor.ts';
import { type Handshake, shakeHands } from './handshake.ts';
import { type HelloOutcome, type HelloWait, waitForHello } from './helloWait.ts';
import { halfClose, holdOpen, sayAndLeave } from './leaving.ts';
import type { TlsLimits } from './limits.ts';
import type { TlsFailure } from './openSslErrors.ts';
import { answerPlain } from './plainHttp.ts';
import { allowsVersion, type HelloFault, negotiatesTls13, type TlsProfile } from './profiles.ts';
import type { Peer, RefusalReason } from './refusal.ts';
import { factsOfSecured } from './secured.ts';
import { releaseSecured } from './secureSocket.ts';

/** What all connections of one front door share. */
export interface Door {
  options: FrontDoorOptions;
  limits: TlsLimits;
  contexts: SecureContexts;
  /** Hello complete: it no longer counts as waiting. */
  arrived(arrival: Arrival): void;
  /** Secure or refused. */
  settled(arrival: Arrival): void;
  /** Refused, and open for a while yet: to be ended when the door closes. */
  lingers(raw: Socket): void;
  /** Our own fault, or the listener's. */
  fault(error: unknown): void;
}

interface Told {
  detail?: string | undefined;
  alertSent?: Alert | undefined;
  alertReceived?: Alert | undefined;
}

export class Arrival {
  #raw: Socket;
  #door: Door;
  #onSecure: SecureHandler;
  #peer: Peer;
  #startedAt = performance.now();
  #stage: HelloWait | undefined;
  #handshake: Handshake | undefined;
  #hello: ClientHello | undefined;
  #received: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #profile: TlsProfile | undefined;
  #knownHost = false;
  #delay: NodeJS.Timeout | undefined;
  #settled = false;

  constructor(raw: Socket, door: Door, onSecure: SecureHandler) {
    this.#raw = raw;
    this.#door = door;
    this.#onSecure = onSecure;
    this.#peer = { address: raw.remoteAddress ?? '', port: raw.remotePort ?? 0 };
  }

  start(): void {
    const { options, limits } = this.#door;
    const plain =
      options.plainText === 'nginx'
        ? (received: Buffer) => answerPlain(received, limits.plainRequestBytes, options.clock.date())
        : undefined;
    this.#stage = waitForHello(this.#raw, limits, plain, (outcome) => this.#onHello(outcome));
  }

  /** Ends it now, wherever it stands. */
  refuse(reason: RefusalReason): void {
    if (this.#handshake) this.#handshake.abort(reason);
    else if (this.#hello) this.#break(reason, () => this.#raw.destroy());
    else this.#stage?.refuse(reason);
  }

  #onHello(outcome: HelloOutcome): void {
    if (outcome.state === 'refused') {
      const { reason, detail, alert, response } = outcome;
      this.#bytes = outcome.bytes;
      const last = alert ? alertRecord(alertNamed(alert)) : response;
      this.#break(reason, () => sayAndLeave(this.#raw, last, this.#door.limits.lingerMs), {
        detail,
        alertSent: alert && alertNamed(alert),
      });
      return;
    }
    this.#hello = outcome.hello;
    this.#received = outcome.received;
    this.#bytes = outcome.received.length;
    this.#door.arrived(this);
    this.#guarded(() => {
      const host = this.#door.options.hosts(outcome.hello.sni);
      this.#profile = host.profile;
      this.#knownHost = host.known;
      if (host.profile.fault) this.#spoil(host.profile.fault);
      else this.#judge();
    });
  }

  /** What goes wrong in our own callbacks is told as internal_error, and never ends the process. */
  #guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.#door.fault(error);
      this.#refuseByAlert('internal-error', 'internal_error', (error as Error).message);
    }
  }

  #spoil(fault: HelloFault): void {
    const raw = this.#raw;
    const { handshakeMs } = this.#door.limits;
    const act = (): void => {
      if (fault.then === 'proceed') this.#guarded(() => this.#judge());
      else if (fault.then === 'reset') this.#break('fault', () => raw.resetAndDestroy());
      else if (fault.then === 'half-close') this.#break('fault', () => halfClose(raw, handshakeMs));
      else this.#break('fault', () => holdOpen(raw, handshakeMs));
    };
    if (fault.delayMs === 0) {
      act();
      return;
    }
    this.#delay = setTimeout(act, fault.delayMs);
    this.#delay.unref();
  }

  #judge(): void {
    const hello = this.#hello!;
    const profile = this.#profile!;
    if (!this.#knownHost && hello.sni !== undefined && profile.unknownHost === 'alert') {
      this.#refuseByAlert('unknown-host', 'unrecognized_name');
    } else if (!allowsVersion(profile, hello)) {
      this.#refuseByAlert('protocol-version', 'protocol_version');
    } else if (this.#raw.destroyed) {
      this.#break('handshake-cut-off', () => {});
    } else {
      this.#shakeHands(profile, hello, this.#contextFor(profile, hello.sni));
    }
  }

  #contextFor(profile: TlsProfile, host: string | undefined): SecureContext {
    const { options, contexts } = this.#door;
    const credentials = options.credentials({ host, variant: profile.serverCertificate });
    return contexts.get(credentials, profile, options.clientTrust());
  }

  #shakeHands(profile: TlsProfile, hello: ClientHello, context: SecureContext): void {
    const { options, limits } = this.#door;
    const tls = {
      context,
      request: profile.clientCertificate !== 'none',
      require: profile.clientCertificate === 'required' && profile.missingClient === 'alert',
      alpn: options.alpn ?? [],
      tls13: negotiatesTls13(profile, hello),
    };
    const received = this.#received;
    this.#received = Buffer.alloc(0);
    this.#handshake = shakeHands(this.#raw, received, tls, limits.handshakeMs, {
      secure: (socket) => this.#secured(socket, profile, hello),
      failed: (failure) => this.#failed(failure),
    });
  }

  #failed({ reason, ...told }: TlsFailure): void {
    this.#break(reason, () => {}, told);
  }

  #secured(socket: TLSSocket, profile: TlsProfile, hello: ClientHello): void {
    const { options } = this.#door;
    const facts = factsOfSecured(socket, profile, hello, this.#knownHost, options.clock.now());
    if (facts.clientCertificate && !facts.authorized && profile.untrustedClient === 'reset') {
      this.#break('client-certificate-untrusted', () => this.#reset(), { detail: facts.authorizationError });
      return;
    }
    this.#settle();
    releaseSecured(socket);
    rememberTlsFacts(socket, facts);
    if (options.onAbandoned) {
      socket.once('close', () => {
        if (socket.bytesRead === 0)
          this.#report(() => options.onAbandoned!({ peer: this.#peer, facts, advice: abandonedAdvice() }));
      });
    }
    try {
      this.#onSecure(socket, facts);
    } catch (error) {
      this.#door.fault(error);
      socket.destroy();
    }
  }

  /** Not at once: OpenSSL is still on the stack, and its socket must not vanish under it. */
  #reset(): void {
    setImmediate(() => this.#raw.resetAndDestroy());
  }

  #refuseByAlert(reason: RefusalReason, name: AlertName, detail?: string): void {
    const alertSent = alertNamed(name);
    const last = alertRecord(alertSent, this.#hello!.legacyVersionCode);
    this.#break(reason, () => sayAndLeave(this.#raw, last, this.#door.limits.lingerMs), { alertSent, detail });
  }

  /** The one place where a refusal is told. `leave` ends the connection. */
  #break(reason: RefusalReason, leave: () => void, told: Told = {}): void {
    if (this.#settled) return;
    this.#settle();
    leave();
    this.#door.lingers(this.#raw);
    const { alertReceived, detail } = told;
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
        alertSent: told.alertSent,
        alertReceived,
        bytes: this.#bytes,
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

/** Connection pools by identity: mutual TLS with the simulator's certificate, trust of its own CA and those of the settings. */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import { Agent as PlainAgent } from '../http/nodeHttp.ts';
import type { Credentials, Pki } from '../pki/pki.ts';
import { FREE_SOCKET_MS, MAX_FREE_SOCKETS } from './limits.ts';

export interface TrustSettings {
  /** PEM file with CAs beside our own. */
  caFile?: string | undefined;
  /** Trust the public web's CAs too. */
  publicCas: boolean;
  /** False takes any certificate of a partner. */
  verify: boolean;
}

const POOL = { keepAlive: true, maxFreeSockets: MAX_FREE_SOCKETS, timeout: FREE_SOCKET_MS } as const;

export class Agents {
  readonly plain = new PlainAgent(POOL);
  #pki: Pki;
  #settings: TrustSettings;
  #extra: string[];
  #byName = new Map<string, { cert: string; agent: Agent }>();

  /** Throws what reading `caFile` says. */
  constructor(pki: Pki, settings: TrustSettings) {
    this.#pki = pki;
    this.#settings = settings;
    this.#extra = settings.caFile ? [readFileSync(settings.caFile, 'utf8')] : [];
    if (settings.publicCas) this.#extra.push(...rootCertificates);
  }

  /** PEM of the authorities that partners' certificates may lead to. */
  trusted(): string[] {
    return [this.#pki.caBundlePem, ...this.#extra];
  }

  /**
   * The pool that shows the certificate of that name, one of the environment's own unless `credentials` are given; a new one once
   * the certificate was renewed. `anyName`: partners' certificates may be for any name; such calls have a pool of their own,
   * since a resumed session is not checked again.
   */
  secure(cn: string | undefined, credentials?: Credentials, anyName = false): Agent {
    const { key, cert } = credentials ?? this.#pki.outboundCredentials(cn);
    const name = `${cn ?? ''} ${anyName}`;
    const known = this.#byName.get(name);
    if (known?.cert === cert) return known.agent;
    const agent = new Agent({
      ...POOL,
      // Made here: given the PEM texts, Node builds a key of them for its pool with every single request.
      secureContext: createSecureContext({
        key,
        cert,
        ca: this.trusted(),
        // What Spine's own guidance asks of both legs of a call.
        minVersion: 'TLSv1.2',
      }),
      rejectUnauthorized: this.#settings.verify,
      ...(anyName ? { checkServerIdentity: () => undefined } : {}),
    });
    // The old pool is left to its running requests; its free sockets end by themselves.
    this.#byName.set(name, { cert, agent });
    return agent;
  }

  close(): void {
    this.plain.destroy();
    for (const { agent } of this.#byName.values()) agent.destroy();
    this.#byName.clear();
  }
}

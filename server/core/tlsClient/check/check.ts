/** Tries a supplier's own server as Spine would, and says what to mend. */
import { X509Certificate } from 'node:crypto';
import { outboundNames } from '../../../../certs/recipes.ts';
import { machineNow } from '../../clock/clock.ts';
import { type Credentials, type Pki, pemBlocks, subjectOf } from '../../pki/pki.ts';
import { certificateFindings } from './certificate.ts';
import { clientFindings } from './clientAuthentication.ts';
import type { Finding } from './finding.ts';
import { isDead, observe, STRANGERS, type Stranger } from './observe.ts';
import { cipherFindings, unreachable, versionFindings } from './protocol.ts';

export interface CheckRequest {
  /** The name that the directory has for the server. */
  name: string;
  /** Where the socket goes. */
  host: string;
  port: number;
  /** Name that Spine shows; default as it calls message handlers. */
  as?: string | undefined;
}

export interface CheckReport {
  name: string;
  /** Where the socket went. */
  address: string;
  findings: Finding[];
  toMend: number;
}

/** Where Spine's trust comes from. */
export interface CheckTrust {
  trusted(): string[];
}

const STRANGER_CN = 'stranger.simulated.thirdparty.nhs.uk';

export class ServerChecks {
  readonly #pki: Pki;
  readonly #trust: CheckTrust;
  #strangers: Promise<Record<Stranger, Credentials>> | undefined;

  constructor(pki: Pki, trust: CheckTrust) {
    this.#pki = pki;
    this.#trust = trust;
  }

  /** Takes a second, or half a minute for a server that never answers. Throws PkiError for a name that Spine has not. */
  async check({ name, host, port, as = outboundNames[0] }: CheckRequest): Promise<CheckReport> {
    const credentials = this.#pki.outboundCredentials(as);
    const ca = this.#trust.trusted();
    const observed = await observe({ host, port, name, ca, credentials, strangers: await this.#wrongOnes() });
    const authorities = pemBlocks(this.#pki.caBundlePem).map(({ der }) => subjectOf(new X509Certificate(der)));
    const findings = isDead(observed)
      ? [unreachable(observed)]
      : [
          ...versionFindings(observed),
          ...certificateFindings(observed, name, machineNow()),
          ...clientFindings(observed, authorities, as),
          ...cipherFindings(observed),
        ];
    const toMend = findings.filter(({ outcome }) => outcome === 'mend').length;
    return { name, address: `${host}:${port}`, findings, toMend };
  }

  /** Made once, at the first check. */
  #wrongOnes(): Promise<Record<Stranger, Credentials>> {
    this.#strangers ??= this.#makeStrangers();
    this.#strangers.catch(() => {
      this.#strangers = undefined;
    });
    return this.#strangers;
  }

  async #makeStrangers(): Promise<Record<Stranger, Credentials>> {
    const made = {} as Record<Stranger, Credentials>;
    for (const variant of STRANGERS) {
      const { certificate, chain, privateKey } = await this.#pki.issueClient({ cn: STRANGER_CN, variant });
      made[variant] = { cert: certificate + pemBlocks(chain)[0]!.text, key: privateKey };
    }
    return made;
  }
}

/** The revocation lists of the authorities, made anew as time passes or something is revoked. */
import type { AuthorityName } from '../../../certs/recipes.ts';
import type { Authority } from './authority.ts';
import { buildCrl } from './crl.ts';
import type { IssuedIndex } from './issued.ts';
import { toPem } from './pem.ts';
import { type Clocks, DAY_MS, HOUR_MS, isDue, type Period, periodFrom } from './period.ts';

/** How long a list says it lasts; clients fetch a new one by then. */
const CRL_LIFETIME_MS = 7 * DAY_MS;
/** A list begins this long ago, for clients whose clock is behind. */
const CRL_BACKDATE_MS = HOUR_MS;
/** A list that is handed out still lasts this long: one older than a day is made anew. */
const CRL_LEAST_LEFT_MS = CRL_LIFETIME_MS - DAY_MS;

interface Held {
  der: Buffer;
  period: Period;
  /** How many certificates are on it. */
  size: number;
}

export class RevocationLists {
  readonly #index: IssuedIndex;
  readonly #clocks: Clocks;
  readonly #held = new Map<AuthorityName, Held>();

  constructor(index: IssuedIndex, clocks: Clocks) {
    this.#index = index;
    this.#clocks = clocks;
  }

  /** DER; thisUpdate and nextUpdate by the clock. */
  der(authority: Authority): Buffer {
    const revoked = this.#index.revokedBy(authority.name);
    const held = this.#held.get(authority.name);
    if (held && held.size === revoked.length && !isDue(this.#clocks, held.period, CRL_LEAST_LEFT_MS)) return held.der;
    const period = periodFrom(this.#clocks, CRL_LIFETIME_MS, CRL_BACKDATE_MS);
    const der = buildCrl(authority, revoked, period);
    this.#held.set(authority.name, { der, period, size: revoked.length });
    return der;
  }

  /** PEM with the label that OpenSSL reads. */
  pem(authority: Authority): string {
    return toPem('X509 CRL', this.der(authority));
  }
}

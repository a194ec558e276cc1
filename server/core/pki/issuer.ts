/** Signs leaves and records them; and makes the wrong ones that a TLS test needs. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { LeafRecipe } from '../../../certs/recipes.ts';
import { type Authority, strangeAuthority } from './authority.ts';
import { PkiError } from './errors.ts';
import type { IssuedIndex, Purpose } from './issued.ts';
import type { KeyType } from './keys.ts';
import { BACKDATE_MS, type Clocks, DAY_MS, type Period, periodAhead, periodFrom, periodPast } from './period.ts';
import { freshSerial } from './serial.ts';

/** `good`, or the one thing that is wrong with it. */
export type Variant = 'good' | 'expired' | 'not-yet-valid' | 'wrong-name' | 'unknown-ca' | 'self-signed' | 'revoked';

/** Ten years: as long as the sub CA that signs. */
const MOST_DAYS = 3653;

const WRONG_NAME = 'wrong-name.simulated.invalid';
const STRANGER = 'Simulated Unknown Root Authority';

export interface LeafOrder {
  cn: string;
  /** Subject alternative names; none for an empty list. */
  names: readonly string[];
  purpose: Purpose;
  recipe: LeafRecipe;
  /** Undefined: the certificate signs itself. */
  issuer: Authority | undefined;
  /** Private or public; must be private to sign itself. */
  key: KeyObject;
  period: Period;
  card?: string | undefined;
}

export interface Leaf {
  cn: string;
  serial: string;
  pem: string;
  certificate: X509Certificate;
}

/** Milliseconds. */
export const backdateOf = ({ backdateDays }: LeafRecipe): number =>
  backdateDays === undefined ? BACKDATE_MS : backdateDays * DAY_MS;

/** Throws PkiError (`REQUEST_INVALID`) unless the period is one. */
export function periodOf(
  clocks: Clocks,
  recipe: LeafRecipe,
  wish: { days?: number | undefined; notBefore?: number | undefined; notAfter?: number | undefined },
): Period {
  const { days = recipe.days } = wish;
  if (!(days > 0 && days <= MOST_DAYS)) {
    throw new PkiError('REQUEST_INVALID', `a lifetime of ${days} days is not between 0 and ${MOST_DAYS}`);
  }
  const usual = periodFrom(clocks, days * DAY_MS, backdateOf(recipe));
  const period = { notBefore: wish.notBefore ?? usual.notBefore, notAfter: wish.notAfter ?? usual.notAfter };
  if (!(period.notBefore < period.notAfter)) throw new PkiError('REQUEST_INVALID', 'the period ends before it begins');
  return period;
}

export class Issuer {
  readonly #index: IssuedIndex;
  readonly #clocks: Clocks;
  readonly #keyType: KeyType;
  /** Serial numbers of certificates that are being signed. */
  readonly #reserved = new Set<string>();
  #stranger: Promise<Authority> | undefined;

  constructor(index: IssuedIndex, clocks: Clocks, keyType: KeyType) {
    this.#index = index;
    this.#clocks = clocks;
    this.#keyType = keyType;
  }

  /** Signs, and records what an authority of the simulator signed. */
  async sign(order: LeafOrder): Promise<Leaf> {
    const { leafCertificate } = await import('./certificate.ts');
    const { cn, names, recipe, period, key, issuer } = order;
    const serial = freshSerial(key, period, (taken) => this.#index.has(taken) || this.#reserved.has(taken));
    this.#reserved.add(serial);
    try {
      const signer = issuer ?? { key };
      const pem = await leafCertificate({ cn, names, recipe, period, serial, subjectKey: key, signer });
      const certificate = new X509Certificate(pem);
      if (issuer && this.#isOurs(issuer)) await this.#record(order, serial, certificate);
      return { cn, serial, pem, certificate };
    } finally {
      this.#reserved.delete(serial);
    }
  }

  /** The order as a variant changes it; `revoked` is for the caller to do once there is a serial number. */
  async vary(order: LeafOrder, variant: Variant): Promise<LeafOrder> {
    switch (variant) {
      case 'expired':
        return { ...order, period: periodPast(this.#clocks) };
      case 'not-yet-valid':
        return { ...order, period: periodAhead(this.#clocks) };
      case 'wrong-name':
        return { ...order, cn: WRONG_NAME, names: order.names.length > 0 ? [WRONG_NAME] : [] };
      case 'unknown-ca':
        this.#stranger ??= strangeAuthority(STRANGER, this.#keyType, this.#clocks);
        return { ...order, issuer: await this.#stranger };
      case 'self-signed':
        return { ...order, issuer: undefined };
      case 'good':
      case 'revoked':
        return order;
      default:
        throw new PkiError(
          'REQUEST_INVALID',
          `${JSON.stringify(variant satisfies never)} is not a variant of a certificate`,
        );
    }
  }

  /** Our leaves come from authorities under a root; the stranger is a root itself. */
  #isOurs(issuer: Authority): boolean {
    return issuer.parent !== undefined;
  }

  async #record(order: LeafOrder, serial: string, certificate: X509Certificate): Promise<void> {
    await this.#index.add({
      serial,
      issuer: order.issuer!.name,
      cn: order.cn,
      purpose: order.purpose,
      notBefore: certificate.validFromDate.toISOString(),
      notAfter: certificate.validToDate.toISOString(),
      fingerprint256: certificate.fingerprint256,
      ...(order.card === undefined ? {} : { card: order.card }),
    });
  }
}

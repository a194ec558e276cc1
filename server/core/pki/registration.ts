/** Takes requests for certificates, checks them, and has them signed by the right authority. */
import { type LeafRecipe, leaves } from '../../../certs/recipes.ts';
import type { Authorities } from './authorities.ts';
import type { Authority } from './authority.ts';

import { chainPem, checkKeystoreOptions, type Identity, identityOf, type KeystoreOptions } from './identity.ts';
import type { IssuedIndex, Purpose } from './issued.ts';
import { type Issuer, type LeafOrder, periodOf, type Variant } from './issuer.ts';
import { generateKey, type KeyType } from './keys.ts';
import { checkAlternativeNames, checkCommonName, checkUid } from './names.ts';
import type { Clocks } from './period.ts';

/** Which hierarchy signs; the SHA-1 one is made when first asked for. */
export type Chain = 'sha2' | 'sha1';

interface Common extends KeystoreOptions {
  /** Fully qualified domain name. */
  cn: string;
  /** Subject alternative names: host names, wildcards, addresses. */
  san?: readonly string[] | undefined;
  days?: number | undefined;
  /** Milliseconds since 1970; default: as the recipe says. */
  notBefore?: number | undefined;
  /** Milliseconds since 1970; default: by `days`. */
  notAfter?: number | undefined;
  /** Default: the kind that the PKI was opened with. */
  keyType?: KeyType | undefined;
  /** What is to be wrong with it; default `good`. */
  variant?: Variant | undefined;
  chain?: Chain | undefined;
}

export type ClientRequest = Common;
export type ServerRequest = Common;

export interface CardRequest extends KeystoreOptions {
  /** The user's uid, which becomes the common name. */
  uid: string;
  /** Serial number printed on the card: kept in the index, not in the certificate. */
  serial?: string | undefined;
  days?: number | undefined;
  variant?: Variant | undefined;
}

export interface SignedCertificate {
  cn: string;
  serial: string;
  /** PEM of the leaf. */
  certificate: string;
  /** PEM: sub CA, then root. */
  chain: string;
  notBefore: string;
  notAfter: string;
}

export class Registration {
  readonly #authorities: Authorities;
  readonly #issuer: Issuer;
  readonly #index: IssuedIndex;
  readonly #clocks: Clocks;
  readonly #keyType: KeyType;

  constructor(authorities: Authorities, issuer: Issuer, index: IssuedIndex, clocks: Clocks, keyType: KeyType) {
    this.#authorities = authorities;
    this.#issuer = issuer;
    this.#index = index;
    this.#clocks = clocks;
    this.#keyType = keyType;
  }

  /** A partner's key and certificate; no subject alternative names unless asked for, as the published leaves have none. */
  client(request: ClientRequest): Promise<Identity> {
    return this.#device(request, 'client', leaves.client, request.san ?? []);
  }

  /** A listener's key and certificate, good or wrong in one way; its own name is an alternative name unless others are given. */
  server(request: ServerRequest): Promise<Identity> {
    return this.#device(request, 'server', leaves.server, request.san ?? [request.cn]);
  }

  /** A smartcard's key (RSA, as cards have) and certificate. */
  async card(request: CardRequest): Promise<Identity> {
    checkUid(request.uid);
    const order = {
      cn: request.uid,
      names: [],
      purpose: 'card' as const,
      recipe: leaves.card,
      issuer: this.#authorities.card,
      card: request.serial,
    };
    return this.#identity(order, 'rsa', request);
  }

  /**
   * Signs a PKCS#10 request by the rules of endpoint registration: the subject is rewritten to `O=nhs, OU=Devices, CN=<FQDN>` and
   * requested extensions are ignored. Throws PkiError (`CSR_REFUSED`) naming the rule that is broken.
   */
  async csr(
    pem: string,
    options: { days?: number | undefined; chain?: Chain | undefined } = {},
  ): Promise<SignedCertificate> {
    const { readRequest } = await import('./csr.ts');
    const { cn, publicKey } = await readRequest(pem);
    const { recipe, issuer } = await this.#hierarchy(options.chain, leaves.client);
    const period = periodOf(this.#clocks, recipe, options);
    const leaf = await this.#issuer.sign({ cn, names: [], purpose: 'client', recipe, issuer, key: publicKey, period });
    return {
      cn,
      serial: leaf.serial,
      certificate: leaf.pem,
      chain: chainPem(issuer),
      notBefore: leaf.certificate.validFromDate.toISOString(),
      notAfter: leaf.certificate.validToDate.toISOString(),
    };
  }

  async #device(request: Common, purpose: Purpose, usual: LeafRecipe, names: readonly string[]): Promise<Identity> {
    checkCommonName(request.cn);
    checkAlternativeNames(names);
    const { recipe, issuer } = await this.#hierarchy(request.chain, usual);
    return this.#identity(
      { cn: request.cn, names, purpose, recipe, issuer },
      request.keyType ?? this.#keyType,
      request,
    );
  }

  async #hierarchy(chain: Chain | undefined, usual: LeafRecipe): Promise<{ recipe: LeafRecipe; issuer: Authority }> {
    if (chain !== 'sha1') return { recipe: usual, issuer: this.#authorities.sub };
    const { sub } = await this.#authorities.sha1();
    return { recipe: { ...leaves.sha1Client, days: usual.days }, issuer: sub };
  }

  async #identity(
    order: Omit<LeafOrder, 'key' | 'period'>,
    keyType: KeyType,
    request: Pick<Common, 'days' | 'notBefore' | 'notAfter' | 'variant' | 'alias' | 'password'>,
  ): Promise<Identity> {
    checkKeystoreOptions(request);
    const period = periodOf(this.#clocks, order.recipe, request);
    const variant = request.variant ?? 'good';
    const key = await generateKey(keyType);
    const varied = await this.#issuer.vary({ ...order, key, period }, variant);
    const leaf = await this.#issuer.sign(varied);
    if (variant === 'revoked') await this.#index.revoke(leaf.serial, 'unspecified', this.#clocks.now());
    return identityOf(leaf, key, varied.issuer, this.#clocks.now(), request);
  }
}

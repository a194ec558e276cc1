/** The smartcards of all spaces: their keys and certificates, and which card a certificate belongs to. */
import { X509Certificate } from 'node:crypto';
import type { RevocationReason } from '../pki/pki.ts';
import type { Space } from '../space/space.ts';
import type { Collection, Store } from '../store/store.ts';
import type { Card, CardStatus } from '../world/types.ts';
import { type CardFault, CardTrust, type TrustSource } from './trust.ts';
import { VirtualCard } from './virtualCard.ts';

/** What is kept of a card. */
export interface CardMaterial {
  /** Serial number printed on the card. */
  id: string;
  uid: string;
  /** PEM. */
  certificate: string;
  /** PKCS#8 PEM. */
  privateKey: string;
}

/** The card CA: `Pki`, as far as cards need it. */
export interface CardAuthority extends TrustSource {
  issueCard(request: {
    uid: string;
    serial?: string;
    variant?: 'good' | 'expired';
  }): Promise<{ certificate: string; privateKey: string }>;
  revoke(serial: string, reason?: RevocationReason): Promise<unknown>;
}

export class Cards {
  readonly #materials: Collection<CardMaterial>;
  readonly #authority: CardAuthority;
  readonly #trust: CardTrust;
  readonly #making = new Map<string, Promise<CardMaterial>>();

  constructor(store: Store, authority: CardAuthority) {
    this.#materials = store.collection<CardMaterial>('card-materials');
    this.#authority = authority;
    this.#trust = new CardTrust(authority);
  }

  /** Key and certificate of a card of the world, made on first use (0.2 s) and kept. */
  async material(space: Space, card: Card): Promise<CardMaterial> {
    const kept = await this.#materials.get(space.name, card.id);
    // A card that was given to somebody else is a new card, and so is one of another simulator's authority (a restored snapshot).
    const fault = kept && this.#faultOf(kept, space);
    const isOver = card.status === 'active' && fault === 'not-in-date';
    if (kept?.uid === card.uid && !isOver && fault !== 'untrusted') return kept;
    const key = `${space.name} ${card.id}`;
    const making = this.#making.get(key) ?? this.#make(space, card).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** The same if it was made already. */
  async made(space: Space, card: Card): Promise<CardMaterial | undefined> {
    const kept = await this.#materials.get(space.name, card.id);
    return kept?.uid === card.uid ? kept : undefined;
  }

  /** Puts the card's certificate on the card CA's list, and the card out of force. */
  async revoke(space: Space, card: Card, reason: RevocationReason): Promise<void> {
    const { certificate } = await this.material(space, card);
    await this.#authority.revoke(new X509Certificate(certificate).serialNumber, reason);
    await setStatus(space, card, 'revoked');
  }

  /** Gives the card a certificate that is over, as one that was never renewed. */
  async expire(space: Space, card: Card): Promise<void> {
    await setStatus(space, card, 'expired');
    await this.#make(space, card, 'expired');
  }

  /** As after too many wrong passcodes. The certificate stays good. */
  lock(space: Space, card: Card): Promise<void> {
    return setStatus(space, card, 'locked');
  }

  unlock(space: Space, card: Card): Promise<void> {
    return setStatus(space, card, 'active');
  }

  /** A new key and certificate, and the card in force. */
  async renew(space: Space, card: Card): Promise<void> {
    await this.#make(space, card);
    await setStatus(space, card, 'active');
  }

  /** A card ready to sign. */
  async insert(space: Space, card: Card): Promise<VirtualCard> {
    return new VirtualCard(await this.material(space, card));
  }

  /**
   * The card whose certificate this is, and what is wrong with the certificate if anything. `card` is undefined for a
   * certificate of the card CA that belongs to none of the space's cards, for example one that was issued by itself.
   */
  recognise(space: Space, certificate: X509Certificate): { card?: Card | undefined; fault?: CardFault } {
    const { fault, cardId } = this.#trust.judge(certificate, space.clock.now());
    if (fault) return { fault };
    return { card: cardId === undefined ? undefined : space.world.cards.get(cardId) };
  }

  #faultOf(material: CardMaterial, space: Space): CardFault['code'] | undefined {
    const { certificate } = new VirtualCard(material);
    return this.#trust.judge(certificate, space.clock.now()).fault?.code;
  }

  async #make(space: Space, card: Card, variant: 'good' | 'expired' = 'good'): Promise<CardMaterial> {
    const request = { uid: card.uid, serial: card.id, variant };
    const { certificate, privateKey } = await this.#authority.issueCard(request);
    const material = { id: card.id, uid: card.uid, certificate, privateKey };
    await this.#materials.put(space.name, card.id, material);
    return material;
  }
}

async function setStatus(space: Space, card: Card, status: CardStatus): Promise<void> {
  await space.world.put('cards', { ...card, status });
}

/** What a service knows of the deliveries that it hands in. */
import type { MessagingWish } from '../rules/definition/messaging.ts';
import type { Space } from '../space/space.ts';
import type { Acknowledgement, Delivery, NewDelivery, PartnerAnswer, Verdict } from './delivery.ts';

export interface Carrier {
  /** Whether partners' certificates may be for any name. */
  anyName: boolean;
  /** What an answer of the partner to the delivery means. */
  judge(delivery: Delivery, answer: PartnerAnswer): Verdict;
  /**
   * Called when a delivery ends, delivered or dead; what it returns is kept in one with that. `answer`: the acknowledgement.
   * May be called again for the same end.
   */
  ended(space: Space, id: string, delivery: Delivery, answer: Acknowledgement | undefined): Promise<NewDelivery[]>;
  /** Delivers inside of the simulator, for partners that are part of it; undefined: this one is not. */
  local?(space: Space, delivery: Delivery, body: Buffer): Promise<PartnerAnswer | undefined>;
  /** Spoils the bytes as a rule wishes. */
  spoil?(space: Space, delivery: Delivery, body: Buffer, wish: MessagingWish): Buffer;
}

/** A message on its way to a partner, as it is kept. */
import type { HeaderLine } from '../http/answer.ts';
import type { Identity } from '../journal/entry.ts';

/**
 * waiting: an attempt is to come; transmitted: taken by the partner, whose acknowledgement is awaited; delivered; dead: given
 * up, or nowhere to go.
 */
export const DELIVERY_STATES = ['waiting', 'transmitted', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** How often and how long it is tried, by the space's clock. */
export interface RetryPolicy {
  /** Attempts behind the first. */
  retries: number;
  /** From one attempt to the next, in milliseconds. */
  intervalMs: number;
  /** From the first attempt on, in milliseconds; then it is given up. Absent: no bound but the retries. */
  persistMs?: number | undefined;
}

export interface Attempt {
  /** Simulated time, in milliseconds. */
  at: number;
  status?: number | undefined;
  /** acknowledged and taken are good; failed is not. */
  outcome: 'acknowledged' | 'taken' | 'failed';
  detail: string;
  /** Journal entry. */
  exchange?: string | undefined;
}

export interface Delivery {
  /** Who knows what its answers mean. */
  carrier: string;
  /** For the journal and for rules. */
  service: string;
  operation: string;
  interaction?: string | undefined;
  identity: Identity;
  /** Absent: there is nowhere to go. */
  url?: string | undefined;
  headers: HeaderLine[];
  /** Short bodies stand here, longer ones are a blob. */
  body: { bytes: number; base64?: string | undefined };
  policy: RetryPolicy;
  /** What its carrier has to know when it ends. */
  about: Record<string, string>;
  state: DeliveryState;
  /** Why it is dead, or that it is acknowledged. */
  reason?: string | undefined;
  /** Simulated times, in milliseconds. */
  createdAt: number;
  firstAt?: number | undefined;
  /** Of the next attempt, or of giving up. */
  nextAt?: number | undefined;
  endedAt?: number | undefined;
  /** Attempts since it was made or replayed. */
  attempted: number;
  /** Whether the partner took it in one of them. */
  taken: boolean;
  replays: number;
  /** The newest ones. */
  attempts: Attempt[];
  /** Journal entry of the exchange that led to it. */
  cause?: string | undefined;
}

/** What a delivery is made of; the rest begins with it. */
export type NewDelivery = Pick<
  Delivery,
  'carrier' | 'service' | 'operation' | 'interaction' | 'identity' | 'url' | 'headers' | 'policy' | 'about' | 'cause'
> & {
  body: Buffer;
  /** Simulated milliseconds until the first attempt. */
  afterMs?: number | undefined;
  /** Why it can't be sent, where it can't. */
  undeliverable?: string | undefined;
};

/** An answer of the partner, whole. */
export interface PartnerAnswer {
  status: number;
  headers: HeaderLine[];
  body: Buffer;
}

/** What acknowledged a delivery: the answer to it, or a message on a connection of its own. */
export type Acknowledgement = Pick<PartnerAnswer, 'headers' | 'body'>;

/** What an answer means. */
export type Verdict = Pick<Attempt, 'outcome' | 'detail'>;

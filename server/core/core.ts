/** What the composition root gives to every service: the shared capabilities, and nothing else to meet in. */
import type { Config } from '../config/schema.ts';
import type { Cards } from './cards/cards.ts';
import type { Conformance } from './conformance/conformance.ts';
import type { Deliveries } from './deliveries/deliveries.ts';
import type { ExchangeContext } from './exchange/exchange.ts';
import type { SpineMessages } from './interactions/outgoing.ts';
import type { P1r1Registry } from './interactions/p1r1.ts';
import type { InteractionRegistry } from './interactions/registry.ts';
import type { Mask } from './journal/mask.ts';
import type { Verifications } from './journal/verifications.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Outbound } from './outbound/outbound.ts';
import type { Pki } from './pki/pki.ts';
import type { Policy } from './policy/policy.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { Store } from './store/store.ts';
import type { Population } from './world/population/population.ts';

export interface Core extends ExchangeContext {
  config: Config;
  store: Store;
  pki: Pki;
  interactions: InteractionRegistry;
  /** Interactions in the style of Spine's first release. */
  p1r1: P1r1Registry;
  /** Where domains hand in messages that Spine is to send. */
  messages: SpineMessages;
  /** Messages on their way to partners. */
  deliveries: Deliveries;
  metrics: Metrics;
  /** Patients in any number beneath all spaces. */
  population: Population;
  /** Takes secrets out of what leaves as a file. */
  mask: Mask;
  /** What tests asked of the journal. */
  verifications: Verifications;
  /** What services say of the messages that they received. */
  conformance: Conformance;
  /** Calls to partners. */
  outbound: Outbound;
  /** SSO sessions: GAS opens them, SSB answers for them, messaging checks roles and users against them. */
  sessions: Sessions;
  /** Virtual smartcards. */
  cards: Cards;
  /** What the environments allow, by date. */
  policy: Policy;
}

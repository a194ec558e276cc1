/** What the operations of GAS work with. */
import type { Cards } from '../../core/cards/cards.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { Challenges } from './challenge.ts';
import type { UsedChallenges } from './usedChallenges.ts';

export interface GasSettings {
  serverIp: string;
  challengeMinutes: number;
  challengeReplay: boolean;
  escapeRoles: boolean;
  lenientTickets: boolean;
}

export interface Gas {
  settings: GasSettings;
  challenges: Challenges;
  used: UsedChallenges;
  cards: Cards;
  sessions: Sessions;
  policy: Policy;
}

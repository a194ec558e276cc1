/** An isolated world of its own: clock, ids, data and rules of one space never show in another. */
import type { Clock } from '../clock/clock.ts';
import type { Ids } from '../ids/ids.ts';
import type { World } from '../world/world.ts';

export interface Space {
  readonly name: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly world: World;
}

/** What tells that an exchange belongs to a space, in the order of their weight. */
export interface SpaceHints {
  /** The header X-Spine-Sim-Space. */
  header?: string | undefined;
  /** The label before a known host name: `team-a.msg.dev...`. */
  hostLabel?: string | undefined;
}

/** Identities in a message that may be registered in a space. */
export interface SpaceIdentity {
  clientCertificate?: string | undefined;
  asid?: string | undefined;
  partyKey?: string | undefined;
  mailbox?: string | undefined;
  user?: string | undefined;
  ticket?: string | undefined;
}

export type IdentityKind = keyof SpaceIdentity;

export const DEFAULT_SPACE = 'default';
export const SPACE_HEADER = 'X-Spine-Sim-Space';

/** Space names are host labels too, so they keep to what DNS allows. */
const SPACE_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** True for a name that can be used as header value and host label (compared in lower case). */
export function isSpaceName(name: string): boolean {
  return SPACE_NAME.test(name);
}

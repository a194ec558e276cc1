/** One login of one user, and when it ends by itself. */

export type SsbMode = '0' | '1';

/** logout: asked for by the user's agent; destroyed: by another holder; idle, max: by time. */
export type EndReason = 'logout' | 'destroyed' | 'idle' | 'max';

export interface Session {
  ticket: string;
  /** The user. */
  uid: string;
  /** The user's name in the directory. */
  cn: string;
  /** Serial number printed on the card that opened it; absent when the card is not one of the world's. */
  card?: string;
  /** The workstation, as the agent names it. */
  deviceId: string;
  /** Address that the agent states, else the one it came from. */
  clientIp: string;
  /** Simulated time in milliseconds since 1970. */
  loginAt: number;
  lastUsedAt: number;
  maxMinutes: number;
  idleMinutes: number;
  /** The selected role profile. */
  roleId?: string;
  /** 1 training, 0 live. */
  ssbMode?: SsbMode;
  /** Properties that an application set. */
  properties: Record<string, string>;
  /** Addresses that are told when the state changes. */
  listeners: string[];
  ended?: { at: number; reason: EndReason };
}

const MINUTE_MS = 60_000;

/** When the session ends if nobody uses it: the earlier of its two limits. */
export function expiryOf(session: Session): { at: number; reason: 'idle' | 'max' } {
  const max = session.loginAt + session.maxMinutes * MINUTE_MS;
  const idle = session.lastUsedAt + session.idleMinutes * MINUTE_MS;
  return idle < max ? { at: idle, reason: 'idle' } : { at: max, reason: 'max' };
}

/** The user's place in the directory, which is also the name in assertions. */
export function userDn(uid: string): string {
  return `uid=${uid},ou=People,o=nhs`;
}

/** Whole seconds of life left, and since the last use; neither is negative. */
export function timesOf(session: Session, now: number): { timeLeft: number; timeIdle: number } {
  const end = session.loginAt + session.maxMinutes * MINUTE_MS;
  return {
    timeLeft: Math.max(0, Math.floor((end - now) / 1000)),
    timeIdle: Math.max(0, Math.floor((now - session.lastUsedAt) / 1000)),
  };
}

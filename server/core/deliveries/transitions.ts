/** How a delivery goes on; nothing here waits or writes. */
import type { Settlement } from './deliveries.ts';
import type { Attempt, Delivery, NewDelivery } from './delivery.ts';
import { ATTEMPTS_KEPT } from './limits.ts';

/** A new delivery. */
export function given(wish: NewDelivery, body: Delivery['body'], now: number): Delivery {
  const { carrier, service, operation, interaction, identity, url, headers, policy, about, cause } = wish;
  const dead = wish.undeliverable ?? (url === undefined ? 'there is nowhere to send it' : undefined);
  return {
    carrier,
    service,
    operation,
    interaction,
    identity,
    url,
    headers,
    body,
    policy,
    about,
    cause,
    state: dead === undefined ? 'waiting' : 'dead',
    reason: dead,
    createdAt: now,
    ...(dead === undefined ? { nextAt: now + (wish.afterMs ?? 0) } : { endedAt: now }),
    attempted: 0,
    taken: false,
    replays: 0,
    attempts: [],
  };
}

/** One of a run whose clock was ahead of what it is now, due at once. */
export function broughtBack(delivery: Delivery, now: number): Delivery {
  const { firstAt } = delivery;
  return {
    ...delivery,
    createdAt: now,
    nextAt: now,
    ...(firstAt !== undefined && { firstAt: Math.min(firstAt, now) }),
  };
}

/** Why a delivery that is due is not tried any more. */
export function expired({ attempted, policy, firstAt }: Delivery, now: number): string | undefined {
  if (attempted > policy.retries) return 'no acknowledgement came';
  const { persistMs } = policy;
  if (persistMs === undefined || firstAt === undefined || now < firstAt + persistMs) return undefined;
  return `the ${persistMs / 1000} s that it is tried for have passed`;
}

/** Behind an attempt, or something that came of one. */
export function afterAttempt(before: Delivery, result: Settlement, now: number): Delivery {
  const { verdict, at, status, exchange } = result;
  const next: Delivery = { ...before };
  if (at !== undefined) {
    next.attempted++;
    next.firstAt ??= at;
    const attempt: Attempt = { at, status, exchange, ...verdict };
    next.attempts = [...before.attempts, attempt].slice(-ATTEMPTS_KEPT);
  } else if (result.later) {
    const last = before.attempts.at(-1);
    if (last) next.attempts = [...before.attempts.slice(0, -1), { ...last, ...verdict }];
    next.taken = false;
  }
  // What was acknowledged stays so, whatever a later attempt or a late refusal says.
  if (before.state === 'delivered') return next;
  if (verdict.outcome === 'acknowledged') return ended(next, 'delivered', verdict.detail, now);
  if (before.state === 'dead') return next;
  if (verdict.outcome === 'taken') next.taken = true;
  if (result.giveUp) return ended(next, 'dead', verdict.detail, now);
  return goesOn(next, verdict.detail, now);
}

/**
 * The next attempt comes an interval behind the last. Behind the last of all, an acknowledgement may still come for what was
 * taken, until it is tried no longer; what was never taken is given up at once.
 */
function goesOn(delivery: Delivery, detail: string, now: number): Delivery {
  const { policy, attempted, taken, firstAt = now } = delivery;
  const end = policy.persistMs === undefined ? Number.POSITIVE_INFINITY : firstAt + policy.persistMs;
  const last = delivery.attempts.at(-1)?.at ?? now;
  const next = last + policy.intervalMs;
  if (attempted <= policy.retries && next < end) return { ...delivery, state: stateOf(taken), nextAt: next };
  if (!taken) return ended(delivery, 'dead', detail, now);
  return { ...delivery, state: 'transmitted', nextAt: Number.isFinite(end) ? Math.max(end, now) : next };
}

const stateOf = (taken: boolean) => (taken ? 'transmitted' : 'waiting');

function ended(delivery: Delivery, state: 'delivered' | 'dead', reason: string, now: number): Delivery {
  const { nextAt: _over, ...rest } = delivery;
  return { ...rest, state, reason, endedAt: now };
}

/** From the beginning, at once; the count and the time of the contract begin anew. */
export function replayed(before: Delivery, now: number, url = before.url): Delivery | undefined {
  if (url === undefined) return undefined;
  const { endedAt: _ended, reason: _reason, firstAt: _first, ...rest } = before;
  return { ...rest, url, state: 'waiting', nextAt: now, attempted: 0, taken: false, replays: before.replays + 1 };
}

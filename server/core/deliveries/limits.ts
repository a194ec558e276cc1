/** Bounds of deliveries. */

/** Longer bodies are blobs: rows stay quick to list. */
export const INLINE_BYTES = 16 * 1024;

/** Calls to one partner at a time: as many connections as a small message handler takes, and a hung one blocks no other. */
export const CALLS_PER_PARTNER = 8;

/** Attempts that a delivery shows. Contracts have two or three; only replays lead to more. */
export const ATTEMPTS_KEPT = 20;

/** What was delivered is shown for a day of simulated time; what is dead stays until it is removed. */
export const DELIVERED_KEPT_MS = 24 * 3_600_000;

/** And not more than so many of them in a space, of any age. */
export const DELIVERED_KEPT = 20_000;

/** Ended deliveries are looked over once in so many, so many at a time. */
export const SWEEP_EVERY = 64;
export const SWEEP_ROWS = 256;

/** Acknowledgements are small; whatever is longer is none. */
export const MAX_ANSWER_BYTES = 1 << 20;

/** Longest wait for attempts under way when the simulator ends, in milliseconds of real time. */
export const CLOSE_MS = 2_000;

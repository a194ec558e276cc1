/** From when until when something signed is valid. */

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A certificate begins this long ago, because clocks of clients and containers run apart. */
export const BACKDATE_MS = DAY_MS;

/** A listener's certificate is made again when it has less than this left: a month in which any restart renews it. */
export const RENEWAL_MARGIN_MS = 30 * DAY_MS;

/**
 * The two times that judge a certificate: the simulated one, and the machine's, which TLS libraries (ours and every client's)
 * go by whatever the simulated clock says.
 */
export interface Clocks {
  now: () => number;
  machineNow: () => number;
}

export interface Period {
  /** Milliseconds since 1970. */
  notBefore: number;
  notAfter: number;
}

const earliest = (clocks: Clocks): number => Math.min(clocks.now(), clocks.machineNow());
const latest = (clocks: Clocks): number => Math.max(clocks.now(), clocks.machineNow());

const wholeSecond = (time: number): number => Math.floor(time / 1000) * 1000;

/** Valid by both clocks, for `duration` from the later one. */
export function periodFrom(clocks: Clocks, duration: number, backdate = BACKDATE_MS): Period {
  return { notBefore: wholeSecond(earliest(clocks) - backdate), notAfter: wholeSecond(latest(clocks) + duration) };
}

/** True unless both clocks find it valid and it stays so for `margin`. */
export function isDue(clocks: Clocks, period: Period, margin: number): boolean {
  return earliest(clocks) < period.notBefore || latest(clocks) + margin > period.notAfter;
}

/** Over before either clock; for a certificate that every client must refuse as expired. */
export function periodPast(clocks: Clocks): Period {
  const end = wholeSecond(earliest(clocks) - DAY_MS);
  return { notBefore: end - 365 * DAY_MS, notAfter: end };
}

/** Begins only after both clocks. */
export function periodAhead(clocks: Clocks): Period {
  const begin = wholeSecond(latest(clocks) + 30 * DAY_MS);
  return { notBefore: begin, notAfter: begin + 365 * DAY_MS };
}

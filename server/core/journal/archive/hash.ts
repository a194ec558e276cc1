/**
 * 64 bits of a text, as two 32-bit halves: what the columns of the archive hold in place of texts. Not for secrets, only for
 * look-ups: among a million different texts two are alike with a probability of one in thirty million.
 */

/** Writes the halves to `lows[at]` and `highs[at]`. Both are 0 only for a text that is absent. */
export function hashInto(lows: Uint32Array, highs: Uint32Array, at: number, text: string | undefined): void {
  if (text === undefined) {
    lows[at] = 0;
    highs[at] = 0;
    return;
  }
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995);
    // Turned, so that its low bits depend on all of the text, which those of the first half do not.
    high = (high << 13) | (high >>> 19);
  }
  lows[at] = mixed(low ^ text.length) || 1;
  highs[at] = mixed(high);
}

const lows = new Uint32Array(1);
const highs = new Uint32Array(1);

export function hashOf(text: string): { low: number; high: number } {
  hashInto(lows, highs, 0, text);
  return { low: lows[0]!, high: highs[0]! };
}

/** Spreads what differs in a few bits over all. */
function mixed(bits: number): number {
  let value = bits ^ (bits >>> 16);
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** Reproducible randomness for tests: the same seed gives the same bytes in every run. */

/** A generator of whole numbers below a limit (xorshift32). */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}

/** The bytes with one to four of them changed, removed, doubled or moved. */
export function mutated(bytes: Buffer, random: (limit: number) => number): Buffer {
  let result = Buffer.from(bytes);
  for (let change = 1 + random(4); change > 0; change--) {
    const at = random(result.length);
    const length = 1 + random(12);
    const part = result.subarray(at, at + length);
    switch (random(4)) {
      case 0:
        result[at] = random(256);
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at), part, result.subarray(at)]);
        break;
      default: {
        const to = random(result.length);
        result = Buffer.concat([result.subarray(0, to), part, result.subarray(to)]);
      }
    }
  }
  return result;
}

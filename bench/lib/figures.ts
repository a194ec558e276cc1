/** Figures of one measurement, and rounds that alternate between two sides so that noise of the machine falls on both. */

export interface Row {
  title: string;
  ours: string;
  /** What it is compared with; empty when it stands alone. */
  other?: string;
  ratio?: number;
  /** What was promised, and whether it is kept. Without one the row informs. */
  target?: { text: string; met: boolean };
  note?: string;
}

export const mib = (bytes: number): number => bytes / 2 ** 20;

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

export interface Compared {
  ours: number;
  other: number;
  /** Median of the rounds' own ratios. */
  ratio: number;
  /** The quietest round of each side: on a machine that others use too it is nearest to the cost alone. */
  least: { ours: number; other: number };
}

/** Runs one round of each side to warm up, then pairs of rounds; a round gives its figure. */
export async function compare(
  rounds: number,
  ours: () => Promise<number>,
  other: () => Promise<number>,
): Promise<Compared> {
  await other();
  await ours();
  const pairs: { ours: number; other: number }[] = [];
  while (pairs.length < rounds) pairs.push({ other: await other(), ours: await ours() });
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    other: median(pairs.map((pair) => pair.other)),
    ratio: median(pairs.map((pair) => pair.ours / pair.other)),
    least: { ours: Math.min(...pairs.map((pair) => pair.ours)), other: Math.min(...pairs.map((pair) => pair.other)) },
  };
}

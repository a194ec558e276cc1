/** Start-up to ready and memory when idle, beside a bare Fastify server over HTTPS. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startBare } from './lib/bare.ts';
import { median, mib, type Row } from './lib/figures.ts';
import { Simulator } from './lib/simulator.ts';

const READY_TARGET_S = 1.5;
const IDLE_TARGET_MIB = 150;

/** After ready the first seconds may still make garbage; a heap that nobody uses is not collected for long. */
const IDLE_AFTER_MS = 3_000;

const atMost = (value: number, limit: number, unit: string) => ({
  text: `<= ${limit} ${unit}`,
  met: value <= limit,
});

/**
 * Starts both so often, from the process's creation to the line that says ready. The data folder must have its certificates: the
 * first start makes them.
 */
export async function measureStart(dataDir: string, key: string, cert: string, rounds: number): Promise<Row[]> {
  const ready: number[] = [];
  const used: number[] = [];
  const bareReady: number[] = [];
  const memory: number[] = [];
  const bareMemory: number[] = [];
  for (let done = 0; done < rounds; done++) {
    let began = performance.now();
    const bare = await startBare({ key, cert, answers: [] });
    bareReady.push((performance.now() - began) / 1000);
    began = performance.now();
    const simulator = await Simulator.start(dataDir);
    ready.push((performance.now() - began) / 1000);
    used.push((await simulator.child.usage()).cpu / 1e6);
    await sleep(IDLE_AFTER_MS);
    memory.push(mib((await simulator.child.usage()).rss));
    bareMemory.push(mib((await bare.child.usage()).rss));
    await Promise.all([simulator.stop(), bare.child.stop()]);
  }
  const [seconds, resident] = [median(ready), median(memory)];
  return [
    {
      title: 'Start to ready, certificates made',
      ours: `${seconds.toFixed(2)} s (${median(used).toFixed(2)} s CPU)`,
      other: `${median(bareReady).toFixed(2)} s, bare Fastify`,
      ratio: seconds / median(bareReady),
      target: atMost(seconds, READY_TARGET_S, 's'),
    },
    {
      title: 'Resident memory when idle',
      ours: `${Math.round(resident)} MiB`,
      other: `${Math.round(median(bareMemory))} MiB, bare Fastify`,
      ratio: resident / median(bareMemory),
      target: atMost(resident, IDLE_TARGET_MIB, 'MiB'),
    },
  ];
}

/** Reads the seed and makes its directory, as a start does, and tells the processor time of both in milliseconds. */

import { Clock } from '../../server/core/clock/clock.ts';
import { loadSeed } from '../../server/core/world/seed/load.ts';
import { World } from '../../server/core/world/world.ts';
import { projectWorld } from '../../server/services/sds/projection/project.ts';

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const began = cpu();
const clock = new Clock();
const seed = await loadSeed({ today: clock.iso().slice(0, 10) });
const read = cpu();
const directory = projectWorld(new World({ seed, space: 'default', clock }), clock.now());
process.send!({ entries: directory.size, project: cpu() - read, seed: read - began });
// The channel alone does not keep a process alive: it waits to be ended, or what it told could be lost.
setTimeout(() => {}, 60_000);

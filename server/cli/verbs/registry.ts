/** `spine-sim registry`: registry files that point the Identity Agents of Windows at the simulator. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminJson, callAdmin } from '../adminClient.ts';
import { textFlag, UsageError, type Verb } from '../verb.ts';

export const registry: Verb = {
  name: 'registry',
  usage: 'registry [--environment <DEV|INT|TRAIN|DEP>] [--port <port>] [--out <folder>]',
  summary: 'write .reg files that point Windows Identity Agents at the simulator; --port as agents reach it',
  async run(invocation) {
    const environment = textFlag(invocation, 'environment') ?? 'DEV';
    const port = textFlag(invocation, 'port');
    const folder = textFlag(invocation, 'out') ?? '.';
    mkdirSync(folder, { recursive: true });
    for (const agent of await adminJson<string[]>(invocation, 'GET', '/api/registry')) {
      const query = port === undefined ? '' : `?port=${encodeURIComponent(port)}`;
      const path = `/api/registry/${encodeURIComponent(environment)}/${agent}${query}`;
      const answer = await callAdmin(invocation, 'GET', path);
      if (answer.status !== 200) throw new UsageError((answer.body as { message: string }).message);
      const file = join(folder, `${agent}-${environment.toLowerCase()}.reg`);
      writeFileSync(file, answer.text);
      invocation.print(file);
    }
    return 0;
  },
};

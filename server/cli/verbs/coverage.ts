/** `spine-sim coverage`: what is simulated and how faithfully. */
import { adminJson } from '../adminClient.ts';
import type { Verb } from '../verb.ts';

interface Row {
  service: string;
  item: string;
  status: string;
  note?: string;
}

export const coverage: Verb = {
  name: 'coverage',
  usage: 'coverage [--json]',
  summary: 'list each operation and interaction with its status',
  flags: ['json'],
  words: 0,
  async run(invocation) {
    const rows = await adminJson<Row[]>(invocation, 'GET', '/api/coverage');
    if (invocation.flags.json) invocation.print(JSON.stringify(rows, null, 2));
    else
      for (const { service, item, status, note } of rows)
        invocation.print(`${service.padEnd(10)} ${status.padEnd(9)} ${item}${note ? ` (${note})` : ''}`);
    return 0;
  },
};

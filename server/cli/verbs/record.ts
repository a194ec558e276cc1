/** `spine-sim record`: rules from exchanges that the journal has. */
import { writeFileSync } from 'node:fs';
import { adminText } from '../adminClient.ts';
import { UsageError, type Verb } from '../verb.ts';

/** Flags that belong to the command, not to the filter. */
const OWN_FLAGS = new Set(['admin', 'admin-port', 'admin-token', 'space', 'help']);

export const record: Verb = {
  name: 'record',
  usage: 'record <file.yaml> [--all] [--diff] [--service <name>] [...]',
  summary: 'make rules of exchanges that were passed on to another environment, people and secrets replaced',
  words: 1,
  async run(invocation) {
    const [file] = invocation.words;
    if (file === undefined) throw new UsageError(`use: spine-sim ${record.usage}`);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(invocation.flags))
      if (!OWN_FLAGS.has(name)) query.set(name, String(value));
    const text = await adminText(invocation, 'GET', `/api/record/rules?${query}`);
    writeFileSync(file, text);
    invocation.print(`${text.split('\n')[1]!.replace(/^# /, '')} Written to ${file}`);
    return 0;
  },
};

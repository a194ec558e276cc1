/** `spine-sim report`: the journal as one file. */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { adminText } from '../adminClient.ts';
import { UsageError, type Verb } from '../verb.ts';

const FORMATS: Record<string, string> = { '.har': 'har', '.xml': 'junit', '.html': 'html' };

/** Flags that belong to the command, not to the filter. */
const OWN_FLAGS = new Set(['admin', 'admin-port', 'admin-token', 'space', 'help']);

export const report: Verb = {
  name: 'report',
  usage: 'report <file.html | file.xml | file.har> [--service <name>] [--mask false] [...]',
  summary: 'write exchanges and verifications to a page, a JUnit report or an HTTP Archive',
  words: 1,
  async run(invocation) {
    const [file = ''] = invocation.words;
    const format = FORMATS[extname(file).toLowerCase()];
    if (!format) throw new UsageError('report takes a file that ends with .html, .xml (JUnit) or .har');
    const query = new URLSearchParams({ format });
    for (const [name, value] of Object.entries(invocation.flags))
      if (!OWN_FLAGS.has(name)) query.set(name, String(value));
    writeFileSync(file, await adminText(invocation, 'GET', `/api/journal/export?${query}`));
    invocation.print(`written to ${file}`);
    return 0;
  },
};

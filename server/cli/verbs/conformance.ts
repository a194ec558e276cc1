/** `spine-sim conformance`: what the messages received have right and wrong; for people, and for build servers. */
import { writeFileSync } from 'node:fs';
import type { ConformanceReport } from '../../core/conformance/report.ts';
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, type Verb, VerbError } from '../verb.ts';

const FILTERS = ['interaction', 'asid', 'since', 'limit'];

function query(invocation: Invocation, format: string): string {
  const fields = new URLSearchParams({ format });
  for (const name of FILTERS) {
    const value = textFlag(invocation, name);
    if (value !== undefined) fields.set(name, value);
  }
  return `/api/conformance?${fields}`;
}

/** Writes the report in one format, as the admin API has it. */
async function save(invocation: Invocation, format: 'html' | 'junit'): Promise<void> {
  const file = textFlag(invocation, format);
  if (file === undefined) return;
  const answer = await callAdmin(invocation, 'GET', query(invocation, format));
  if (answer.status >= 400) throw new VerbError(`the report could not be made: ${answer.status} ${answer.text}`);
  try {
    writeFileSync(file, answer.bytes);
  } catch (error) {
    throw new VerbError(`${file} can't be written: ${(error as Error).message}`);
  }
  invocation.print(`wrote ${file}`);
}

function print(invocation: Invocation, { messages, failures }: ConformanceReport): void {
  const { total, clean, lenient, failing } = messages;
  invocation.print(
    `${total} ${total === 1 ? 'message' : 'messages'}: ${clean} clean, ${lenient} pass only a lenient profile, ${failing} failing`,
  );
  for (const { count, name, enforced, source, advice } of failures) {
    invocation.print(`${String(count).padStart(5)}  ${enforced ? 'refused ' : 'let pass'}  ${name} (${source})`);
    if (advice) invocation.print(`                 ${advice}`);
  }
}

export const conformance: Verb = {
  name: 'conformance',
  usage:
    'conformance [--html <file>] [--junit <file>] [--interaction <name>] [--asid <asid>] [--since <time>] [--limit <n>] [--json]',
  summary: 'report on the messages received, check by check; ends with 1 when a check that counts failed',
  flags: ['html', 'junit', 'json', ...FILTERS],
  words: 0,
  async run(invocation) {
    const report = await adminJson<ConformanceReport>(invocation, 'GET', query(invocation, 'json'));
    await save(invocation, 'html');
    await save(invocation, 'junit');
    if (invocation.flags.json) invocation.print(JSON.stringify(report, null, 2));
    else print(invocation, report);
    return report.messages.failing > 0 ? 1 : 0;
  },
};

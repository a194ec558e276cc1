/** `spine-sim ssp`: calls a supplier's GP Connect provider as a consumer would. */
import { writeFileSync } from 'node:fs';
import type { TrialReport } from '../../core/gpconnect/report.ts';
import { adminJson } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb } from '../verb.ts';

/** A provider may be slow, and is called dozens of times. */
const REPORT_TIMEOUT_MS = 290_000;

async function call(invocation: Invocation, calls: string[]): Promise<number> {
  const to = textFlag(invocation, 'to');
  if (to === undefined) throw new UsageError(`use: spine-sim ${ssp.usage}`);
  const wish = {
    calls,
    to,
    from: textFlag(invocation, 'from'),
    nhsNumber: textFlag(invocation, 'nhs-number'),
    root: textFlag(invocation, 'root'),
    direct: invocation.flags.direct === true ? true : undefined,
  };
  const report = await adminJson<TrialReport>(invocation, 'POST', '/api/ssp/call', wish, REPORT_TIMEOUT_MS);
  const file = textFlag(invocation, 'junit');
  if (file !== undefined) {
    const { junit } = await import('../ssp/junit.ts');
    writeFileSync(file, junit(report));
    invocation.complain(`written: ${file}`);
  }
  const { callText } = await import('../ssp/callText.ts');
  for (const line of invocation.flags.json ? [JSON.stringify(report, null, 2)] : callText(report))
    invocation.print(line);
  return report.failed === 0 ? 0 : 1;
}

interface CallView {
  name: string;
  title: string;
  interaction: string;
  extra: boolean;
}

async function list(invocation: Invocation): Promise<number> {
  const calls = await adminJson<CallView[]>(invocation, 'GET', '/api/ssp/calls');
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(calls, null, 2));
    return 0;
  }
  const width = Math.max(...calls.map(({ name }) => name.length));
  for (const { name, title, interaction, extra } of calls) {
    invocation.print(`${name.padEnd(width)}  ${title} (${interaction})${extra ? '; only when it is named' : ''}`);
  }
  return 0;
}

export const ssp: Verb = {
  name: 'ssp',
  usage:
    'ssp call [<call or interaction>...] --to <asid> [--from <asid>] [--nhs-number <number>] [--root <url>] [--direct] [--json] [--junit <file>] | ssp calls [--json]',
  summary:
    "call a supplier's GP Connect provider as a consumer would, through the SSP or directly, and say what to mend",
  flags: ['to', 'from', 'nhs-number', 'root', 'direct', 'json', 'junit'],
  async run(invocation) {
    const [action, ...words] = invocation.words;
    if (action === 'call') return call(invocation, words);
    if (action === 'calls' && words.length === 0) return list(invocation);
    throw new UsageError(`use: spine-sim ${ssp.usage}`);
  },
};

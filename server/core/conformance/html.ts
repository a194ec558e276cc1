/** A report as one page to be sent around: no script, nothing loaded. */
import { type XmlFragment, xml } from '../xml/template.ts';
import type { CheckResult, Examination } from './conformance.ts';
import { type ConformanceReport, verdictOf } from './report.ts';

const STYLE = `body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#212b32}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border:1px solid #aeb7bd;padding:.3rem .6rem;text-align:left;
vertical-align:top}th{background:#e8edee}td,code{overflow-wrap:anywhere}.passed,.clean{background:#d4efdf}.failed,.failing{background:#fadbd8}
.lenient{background:#fdebd0}.not-checked{color:#4c6272}small{display:block;color:#4c6272}summary{cursor:pointer;padding:.3rem .6rem}
summary code{font-weight:bold}details{margin:.5rem 0;border:1px solid #aeb7bd}details table{margin:0}`;

const VERDICTS = {
  clean: 'every check passed',
  lenient: 'passes, but a stricter profile would refuse it',
  failing: 'a check failed',
};

export function htmlReport({ at, messages, failures, examinations }: ConformanceReport): string {
  const page = xml`<html lang="en"><head><meta charset="utf-8"/><title>Message conformance</title><style>${STYLE}</style></head>
    <body><h1>Message conformance</h1><p>Made at simulated time ${at}. ${messages.total} messages: ${messages.clean} clean,
    ${' '}${messages.lenient} pass only a lenient profile, ${messages.failing} failing. These are the checks of the simulator;
    ${' '}passing them is no proof of conformance with Spine.</p>${failureTable(failures)}<h2>Messages</h2>${examinations.map(message)}
    </body></html>`;
  return `<!DOCTYPE html>\n${page}\n`;
}

function failureTable(failures: ConformanceReport['failures']): XmlFragment {
  if (failures.length === 0) return xml`<p>No check failed.</p>`;
  const rows = failures.map(
    ({
      name,
      source,
      enforced,
      count,
      advice,
    }) => xml`<tr><td>${count}</td><td><code>${name}</code><small>${source}</small></td>
      <td>${enforced ? 'refused' : 'let pass'}</td><td>${advice}</td></tr>`,
  );
  return xml`<h2>What failed</h2><table><thead><tr><th>Messages</th><th>Check</th><th>Simulator</th><th>What to do</th></tr></thead>
    <tbody>${rows}</tbody></table>`;
}

function message({
  id,
  at,
  space,
  interaction,
  operation,
  messageId,
  asid,
  partyKey,
  error,
  checks,
}: Examination): XmlFragment {
  const verdict = verdictOf(checks);
  const sender = asid ?? partyKey;
  const answered = error ? `answered with ${error.code}` : 'answered as asked';
  return xml`<details><summary class="${verdict}"><code>${interaction ?? operation}</code> ${messageId ?? id}: ${VERDICTS[verdict]}
    <small>${at}, space ${space}, ${sender === undefined ? 'unknown sender' : `from ${sender}`}, ${answered}, journal entry ${id}</small>
    </summary><table><tbody>${checks.map(row)}</tbody></table></details>`;
}

function row({ name, source, outcome, enforced, detail, advice }: CheckResult): XmlFragment {
  const shown = outcome === 'failed' && !enforced ? 'lenient' : outcome;
  const words = outcome === 'failed' && !enforced ? 'failed, let pass' : outcome.replace('-', ' ');
  return xml`<tr class="${shown}"><td><code>${name}</code><small>${source}</small></td><td>${words}</td>
    <td>${detail}<small>${advice}</small></td></tr>`;
}

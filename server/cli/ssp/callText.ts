/** What came of the calls to a provider, for a terminal. */
import type { CallReport, TrialReport } from '../../core/gpconnect/report.ts';

const WORDS = { passed: 'ok  ', failed: 'MEND', skipped: 'skip' } as const;

export function callText({ from, to, through, nhsNumber, calls, passed, failed, skipped }: TrialReport): string[] {
  return [
    `${from} calls ${to} through ${through}, about patient ${nhsNumber}`,
    '',
    ...calls.flatMap(callLines).map(printable),
    '',
    `${passed} as they should be, ${failed} to mend, ${skipped} left out`,
  ];
}

/** What a provider answers is quoted, and must not move the cursor or end a line. */
const printable = (line: string) => line.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));

function callLines({ name, title, outcome, reason, status, milliseconds, findings, url, entry }: CallReport): string[] {
  const wrong = findings.filter((finding) => finding.outcome === 'wrong');
  const took = status === undefined ? '' : ` (${status}, ${milliseconds} ms, ${findings.length} checks)`;
  const lines = [`${WORDS[outcome]}  ${name}: ${title}${took}`];
  if (reason !== undefined) lines.push(`        ${reason}`);
  for (const { check, where, text, rule } of wrong) {
    lines.push(`        ${check}${where === undefined ? '' : `, ${where}`}: ${text} [${rule}]`);
  }
  if (outcome === 'failed' && url !== undefined) {
    lines.push(`        ${url}${entry === undefined ? '' : ` (journal: spine-sim journal ${entry.slice(0, 8)})`}`);
  }
  return lines;
}

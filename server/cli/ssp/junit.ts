/** The report as JUnit's XML, which pipelines read: a test case for each call. */
import type { CallReport, TrialReport } from '../../core/gpconnect/report.ts';
import { escapeAttribute } from '../../core/xml/escape.ts';

/** XML 1.0 2.2: these can't stand in a document, not even as references. */
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const attribute = (text: string) => escapeAttribute(text.replace(NOT_XML, '?'));

export function junit({ to, calls, failed, skipped }: TrialReport): string {
  const time = seconds(calls.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0));
  const counts = `tests="${calls.length}" failures="${failed}" errors="0" skipped="${skipped}" time="${time}"`;
  const name = attribute(`GP Connect provider ${to}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${name}" ${counts}>`,
    `  <testsuite name="${name}" ${counts}>`,
    ...calls.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3);

function testCase({ name, interaction, outcome, reason = '', milliseconds = 0, findings }: CallReport): string {
  const head = `    <testcase classname="${attribute(interaction)}" name="${attribute(name)}" time="${seconds(milliseconds)}"`;
  if (outcome === 'passed') return `${head}/>`;
  if (outcome === 'skipped') return `${head}><skipped message="${attribute(reason)}"/></testcase>`;
  const wrong = findings.filter((finding) => finding.outcome === 'wrong');
  const lines = wrong.map(({ check, where, text, rule }) => `${check}${where ? `, ${where}` : ''}: ${text} [${rule}]`);
  const [first = reason] = lines;
  return `${head}><failure message="${attribute(first)}" type="rule">${attribute(lines.join('\n') || reason)}</failure></testcase>`;
}

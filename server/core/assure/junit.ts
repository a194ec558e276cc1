/** A run as build servers read it: a suite for each group, a case for each step. */
import { raw, xml } from '../xml/template.ts';
import type { Evidence } from './evidence.ts';
import type { AssureReport, StepReport } from './report.ts';

/** Characters that XML 1.0 has no way to write, which a client may have brought into an entry. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const safe = (text = '') => text.replace(UNWRITABLE, '\u{fffd}');

export function junitReport(report: AssureReport): string {
  const groups = [...new Set([...report.steps, ...report.leftOut].map(({ group }) => group))];
  const suites = groups.map((group) => suite(report, group));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml`<testsuites name="${safe(`Assurance: ${report.title}`)}">${suites}</testsuites>`}\n`;
}

function suite({ set, at, steps, leftOut }: AssureReport, group: string) {
  const own = steps.filter((step) => step.group === group);
  const out = leftOut.filter((step) => step.group === group);
  const failures = own.filter((step) => step.required && step.result !== 'handled').length;
  const skipped = out.length + own.filter((step) => !step.required && step.result !== 'handled').length;
  return xml`<testsuite name="${`${set}.${group}`}" timestamp="${at}" tests="${own.length + out.length}" failures="${failures}" errors="0"
    skipped="${skipped}">${own.map((step) => testcase(step, set))}${out.map(
      ({ name, title }) => xml`<testcase classname="${`${set}.${group}`}" name="${safe(`${name}: ${title}`)}">
      <skipped message="left out of this run"/></testcase>`,
    )}</testsuite>`;
}

function testcase(step: StepReport, set: string) {
  const { name, group, title, required, result, judgement } = step;
  const reason =
    result === 'denied' ? `A person said no: ${step.question}` : (judgement?.reason ?? 'It was not begun.');
  let outcome = raw('');
  if (result !== 'handled' && !required)
    outcome = xml`<skipped message="${safe(`${result}, not required: ${reason}`)}"/>`;
  else if (result !== 'handled')
    outcome = xml`<failure type="${result}" message="${safe(reason)}">${safe(judgement?.advice)}</failure>`;
  return xml`<testcase classname="${`${set}.${group}`}" name="${safe(`${name}: ${title}`)}">${outcome}
    <system-out>${safe(output(step))}</system-out></testcase>`;
}

function output({ question, attestation, judgement }: StepReport): string {
  const said =
    attestation && `attested ${attestation.answer} by ${attestation.by ?? 'somebody'}: ${attestation.note ?? ''}`;
  return [
    ...(judgement?.evidence ?? []).map(line),
    ...(question === undefined ? [] : [`asked of a person: ${question}`, said ?? 'not answered']),
  ].join('\n');
}

function line({ kind, what, id, asked, answered, outcome, error, lacks }: Evidence): string {
  const words = { seen: 'seen', banned: 'MUST NOT BE', near: 'nearly' };
  const why = error ? ` ${error.code}` : '';
  return `${words[kind]}: ${what} | ${asked} ${answered} ${outcome}${why} | entry ${id}${lacks ? ` | ${lacks.join('; ')}` : ''}`;
}

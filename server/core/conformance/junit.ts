/** A report as build servers read it: a suite for each message, a case for each check. */
import { raw, xml } from '../xml/template.ts';
import type { CheckResult, Examination } from './conformance.ts';
import type { ConformanceReport } from './report.ts';

/** Characters that XML 1.0 has no way to write, which a message's bytes may have brought into a finding. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const safe = (text = '') => text.replace(UNWRITABLE, '\u{fffd}');

export function junitReport({ examinations }: ConformanceReport): string {
  const suites = examinations.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml`<testsuites name="Spine message conformance">${suites}</testsuites>`}\n`;
}

function suite({ interaction, operation, messageId, id, at, service, checks }: Examination) {
  const name = `${interaction ?? operation ?? service} ${messageId ?? id}`;
  const failures = checks.filter(({ outcome, enforced }) => outcome === 'failed' && enforced).length;
  const skipped = checks.filter(isSkipped).length;
  return xml`<testsuite name="${safe(name)}" timestamp="${at}" tests="${checks.length}" failures="${failures}" errors="0"
    skipped="${skipped}">${checks.map((check) => testcase(check, name))}</testsuite>`;
}

/** A failure that the settings let pass is shown as skipped: the build is as green as the simulator's answer was. */
const isSkipped = ({ outcome, enforced }: CheckResult) =>
  outcome === 'not-checked' || (outcome === 'failed' && !enforced);

function testcase(check: CheckResult, suiteName: string) {
  const { name, source, outcome, detail, advice } = check;
  let result = raw('');
  if (isSkipped(check)) {
    const why = outcome === 'failed' ? `not enforced: ${detail}. ${advice ?? ''}` : (detail ?? 'not checked');
    result = xml`<skipped message="${safe(why)}"/>`;
  } else if (outcome === 'failed') {
    result = xml`<failure message="${safe(detail)}">${safe(advice)}</failure>`;
  }
  return xml`<testcase classname="${safe(suiteName)}" name="${safe(`${name} (${source})`)}">${result}</testcase>`;
}

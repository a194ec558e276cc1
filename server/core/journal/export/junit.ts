/** Verifications and exchanges as JUnit's XML, which every CI server shows. */
import { escapeAttribute, escapeText } from '../../xml/escape.ts';
import type { JournalEntry } from '../entry.ts';
import type { Verified } from '../verifications.ts';

interface Case {
  classname: string;
  name: string;
  ms: number;
  failure?: string | undefined;
  error?: string | undefined;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function caseText({ classname, name, ms, failure, error }: Case): string {
  const open = `  <testcase classname="${escapeAttribute(classname)}" name="${escapeAttribute(name)}" time="${seconds(ms)}"`;
  const [kind, text] = error === undefined ? ['failure', failure] : ['error', error];
  if (text === undefined) return `${open}/>`;
  const [first = ''] = text.split('\n');
  return `${open}>\n   <${kind} message="${escapeAttribute(first)}">${escapeText(text)}</${kind}>\n  </testcase>`;
}

/** One suite of a report. */
export function suite(name: string, cases: readonly Case[]): string {
  const count = (kind: 'failure' | 'error') => cases.filter((one) => one[kind] !== undefined).length;
  const time = seconds(cases.reduce((sum, { ms }) => sum + ms, 0));
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" time="${time}"`;
  return ` <testsuite name="${escapeAttribute(name)}" ${counts}>\n${cases.map(caseText).join('\n')}\n </testsuite>`;
}

export const report = (suites: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;

/** A verification that did not hold is a failure; an exchange that was refused a failure, one that broke off an error. */
export function toJunit(entries: readonly JournalEntry[], verified: readonly Verified[]): string {
  const verifications = verified.map(({ name, space, satisfied, detail, ms }): Case => {
    return { classname: `verify.${space}`, name, ms, failure: satisfied ? undefined : detail };
  });
  const exchanges = entries.map((entry): Case => {
    const { service, operation, interaction, method, path, outcome, error, advice, id, durationMs } = entry;
    const what = [operation, interaction, method, path].filter(Boolean).join(' ');
    const told = [`${error?.code ?? outcome}: ${error?.message ?? ''}`, advice, `journal entry ${id}`]
      .filter(Boolean)
      .join('\n');
    return {
      classname: `exchange.${service}`,
      name: what || service,
      ms: durationMs,
      failure: outcome === 'refused' ? told : undefined,
      error: outcome === 'failed' ? told : undefined,
    };
  });
  const suites = [suite('exchanges', exchanges)];
  if (verifications.length > 0) suites.unshift(suite('verifications', verifications));
  return report(suites);
}

/** The examinations of a run and their sums. */
import type { CheckResult, Examination } from './conformance.ts';

export interface ConformanceReport {
  /** Simulated time of the report. */
  at: string;
  messages: Sums;
  /** Checks that failed anywhere, the most frequent first. */
  failures: { name: string; source: string; enforced: boolean; count: number; advice: string | undefined }[];
  examinations: Examination[];
}

interface Sums {
  total: number;
  /** Every check passed. */
  clean: number;
  /** Only checks failed that the settings let pass. */
  lenient: number;
  /** A check failed that counts. */
  failing: number;
}

/** The worst that can be said of one message. */
export function verdictOf(checks: readonly CheckResult[]): keyof Omit<Sums, 'total'> {
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return 'clean';
  return failed.some(({ enforced }) => enforced) ? 'failing' : 'lenient';
}

export function reportOf(at: string, examinations: Examination[]): ConformanceReport {
  const messages: Sums = { total: examinations.length, clean: 0, lenient: 0, failing: 0 };
  const failures = new Map<string, ConformanceReport['failures'][number]>();
  for (const { checks } of examinations) {
    messages[verdictOf(checks)] += 1;
    for (const { name, source, enforced, outcome, advice } of checks) {
      if (outcome !== 'failed') continue;
      const key = `${name} ${source} ${enforced}`;
      const failure = failures.get(key) ?? { name, source, enforced, count: 0, advice };
      failure.count += 1;
      failures.set(key, failure);
    }
  }
  const sorted = [...failures.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  return { at, messages, failures: sorted, examinations };
}

/** What came of the calls to a provider. */
import { type GpConnectCall, PREFIX } from './calls/call.ts';
import type { Finding } from './finding.ts';

export interface CallReport {
  name: string;
  title: string;
  interaction: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or could not be made. */
  reason?: string;
  method: string;
  url?: string;
  status?: number;
  milliseconds?: number;
  /** Id of the journal entry. */
  entry?: string;
  findings: Finding[];
  /** There was no answer in time. */
  late?: boolean;
}

export interface TrialReport {
  from: string;
  to: string;
  through: 'the SSP' | 'no SSP';
  nhsNumber: string;
  calls: CallReport[];
  passed: number;
  failed: number;
  skipped: number;
}

/** What a report says of a call whatever comes of it. */
export const headOf = ({ name, title, method, interaction }: GpConnectCall) => ({
  name,
  title,
  interaction: PREFIX + interaction,
  method,
  findings: [],
});

/** Of a call that was not made. */
export const skippedCall = (call: GpConnectCall, reason: string): CallReport => ({
  ...headOf(call),
  outcome: 'skipped',
  reason,
});

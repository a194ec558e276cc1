/** One thing that was looked at. */

export interface Finding {
  /** What was looked at, in a few words. */
  check: string;
  /** ok: as it should be; mend: Spine, or its rules, would trip over it; note: worth knowing. */
  outcome: 'ok' | 'mend' | 'note';
  /** What was seen. */
  text: string;
  /** What to do about it, in one sentence. */
  mend?: string;
}

export const ok = (check: string, text: string): Finding => ({ check, outcome: 'ok', text });
export const mend = (check: string, text: string, what: string): Finding => ({
  check,
  outcome: 'mend',
  text,
  mend: what,
});
export const note = (check: string, text: string, what?: string): Finding => ({
  check,
  outcome: 'note',
  text,
  ...(what === undefined ? {} : { mend: what }),
});

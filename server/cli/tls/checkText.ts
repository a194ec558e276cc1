/** What was found at a server, for a terminal. */
import type { CheckReport } from '../../core/tlsClient/check/check.ts';

const WORDS = { ok: 'ok  ', mend: 'MEND', note: 'note' } as const;

export function checkText({ name, address, findings, toMend }: CheckReport): string[] {
  const lines = [`${name} at ${address}`, ''];
  for (const { check, outcome, text, mend } of findings) {
    lines.push(`${WORDS[outcome]}  ${check}: ${text}`);
    if (mend !== undefined) lines.push(`        ${mend}`);
  }
  return [...lines, '', toMend === 0 ? 'nothing to mend' : `${toMend} to mend`];
}

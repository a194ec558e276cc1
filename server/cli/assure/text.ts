/** Runs and steps as lines for a terminal. */
import type { AssureReport, Result, StepReport } from '../../core/assure/report.ts';

const WORDS: Record<Result, string> = {
  handled: 'handled',
  denied: 'DENIED',
  'not-handled': 'NOT HANDLED',
  'not-tried': 'not tried',
};

/** What a person is told when a step begins. */
export function askText(step: StepReport, place: string): string[] {
  return [`${place} ${step.title} (${step.name}${step.required ? '' : ', not required'})`, `    ${step.ask}`];
}

/** What came of a step, with what to change. */
export function resultText(step: StepReport): string[] {
  const { result, judgement, question } = step;
  const lines = [
    `    ${WORDS[result]}${judgement === undefined || result === 'handled' ? '' : `: ${judgement.reason}`}`,
  ];
  if (result === 'denied') lines.push(`    A person said no: ${question}`);
  if (result !== 'handled' && judgement?.advice) lines.push(`    ${judgement.advice}`);
  for (const { kind, what, asked, answered, outcome, id, lacks } of judgement?.evidence ?? []) {
    if (kind === 'seen' && result === 'handled') continue;
    const mark = { seen: 'seen', banned: 'must not be', near: 'nearly' }[kind];
    lines.push(`      ${mark}: ${what}`, `        ${asked} ${answered} ${outcome} (${id.slice(0, 8)})`);
    for (const lack of lacks ?? []) lines.push(`        ${lack}`);
  }
  return lines;
}

/** One line a step, and the sums. */
export function reportText(report: AssureReport): string[] {
  const width = Math.max(...report.steps.map(({ name }) => name.length));
  const { sums, leftOut, set, space, beganAt, passed } = report;
  const lines = report.steps.map((step) => {
    const { name, title, result, required, state, attestation, question } = step;
    const notes = [
      required ? undefined : 'not required',
      state === 'open' ? 'open' : undefined,
      question === undefined ? undefined : attestation ? `attested ${attestation.answer}` : 'not attested',
    ].filter(Boolean);
    return `${WORDS[result].padEnd(11)}  ${name.padEnd(width)}  ${title}${notes.length ? ` (${notes.join(', ')})` : ''}`;
  });
  const out = leftOut.length > 0 ? `, ${leftOut.length} left out` : '';
  return [
    `${set} in space ${space}, begun ${beganAt}`,
    ...lines,
    `${sums.handled} of ${sums.steps} steps handled, ${sums['not-handled'] + sums.denied} not handled, ${sums['not-tried']} not tried${out}`,
    passed
      ? 'every required step was handled'
      : `${sums.requiredMissing} of ${sums.required} required steps are missing`,
  ];
}

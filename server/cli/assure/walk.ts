/** Goes through a run step by step: with a person at the keyboard, with a command for each step, or waiting. */
import { spawn } from 'node:child_process';
import type { AssureReport, StepReport } from '../../core/assure/report.ts';
import type { Invocation } from '../verb.ts';
import { attestStep, beginStep, endStep, leaveStep } from './calls.ts';
import { askText, resultText } from './text.ts';

/** A person answers when all is done; what is still on its way gets so long. */
const AFTER_ENTER_S = 3;

/** The command of a step that does not end by then hangs. */
const COMMAND_MS = 600_000;

/** As shells say it of a command that a signal ended. */
const INTERRUPTED = 130;

/** Asks the person at the keyboard; resolves with the line. */
export type Ask = (question: string) => Promise<string>;

/** false: the person stops here, and the run stays as it is. */
export async function walk(
  invocation: Invocation,
  { steps, data }: AssureReport,
  how: { ask: Ask } | { command: string; waitS: number } | { waitS: number },
): Promise<boolean> {
  const open = steps.filter(({ state }) => state !== 'ended');
  for (const [index, { name }] of open.entries()) {
    const step = await beginStep(invocation, name);
    for (const line of askText(step, `[${index + 1}/${open.length}]`)) invocation.print(line);
    if ('ask' in how) {
      if (!(await byHand(invocation, step, how.ask))) return false;
      continue;
    }
    // What a step arranged must not outlive the command that began it.
    const interrupted = () => void leaveStep(invocation, name).finally(() => process.exit(INTERRUPTED));
    process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
    if ('command' in how) await runCommand(how.command, step, data);
    show(invocation, await endStep(invocation, name, how.waitS));
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
  return true;
}

function show(invocation: Invocation, step: StepReport): void {
  for (const line of resultText(step)) invocation.print(line);
}

async function byHand(invocation: Invocation, step: StepReport, ask: Ask): Promise<boolean> {
  const { name } = step;
  while (true) {
    const word = (await ask('    Enter when it is done, s to skip it, q to stop here: ')).trim().toLowerCase();
    if (word === 'q') {
      await leaveStep(invocation, name);
      return false;
    }
    const ended = await endStep(invocation, name, word === 's' ? 0 : AFTER_ENTER_S);
    show(invocation, ended);
    if (word === 's') return true;
    if (ended.result === 'handled') return attest(invocation, ended, ask);
    const again = (await ask('    Enter to go on, r to try it again: ')).trim().toLowerCase();
    if (again !== 'r') return ended.result === 'not-tried' ? true : attest(invocation, ended, ask);
    await beginStep(invocation, name);
  }
}

async function attest(invocation: Invocation, { name, question }: StepReport, ask: Ask): Promise<boolean> {
  if (question === undefined) return true;
  const answer = (await ask(`    ${question} y, n, or Enter to leave it open: `)).trim().toLowerCase();
  if (!answer.startsWith('y') && !answer.startsWith('n')) return true;
  const note = (await ask('    A note, or Enter: ')).trim();
  await attestStep(invocation, name, { answer: answer.startsWith('y') ? 'yes' : 'no', ...(note && { note }) });
  return true;
}

/** `patientLost` as ASSURE_PATIENT_LOST. */
const variable = (name: string) => `ASSURE_${name.replace(/([A-Z])/g, '_$1').toUpperCase()}`;

/** Its output goes where that of the verb goes: it is what one looks at when a step was not handled. */
function runCommand(command: string, step: StepReport, data: Record<string, string>): Promise<void> {
  const own = Object.fromEntries(Object.entries(data).map(([name, value]) => [variable(name), value]));
  const env = { ...process.env, ...own, ASSURE_STEP: step.name, ASSURE_ASK: step.ask };
  return new Promise((resolve) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env,
      timeout: COMMAND_MS,
      killSignal: 'SIGKILL',
    });
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
}

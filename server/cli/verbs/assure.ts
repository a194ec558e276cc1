/** `spine-sim assure`: leads a supplier's own system through scenarios and writes the evidence of what it handled. */
import { writeFileSync } from 'node:fs';
import type { AssureReport } from '../../core/assure/report.ts';
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, type Verb, VerbError } from '../verb.ts';

/** How the action is used, or which actions there are. */
function usage(action: string | undefined): UsageError {
  const all = assure.usage.split(' | assure ').map((one) => one.replace(/^assure /, ''));
  const own = all.filter((one) => one.split(' ', 1)[0] === action);
  return new UsageError(`use:${(own.length > 0 ? own : all).map((one) => `\n  spine-sim assure ${one}`).join('')}`);
}

/** Seconds behind a command in which what it left on its way may come. */
const AFTER_COMMAND_S = 2;

/** Seconds that a step waits for a client that goes on by itself. */
const WAIT_S = 60;

function seconds(invocation: Invocation, otherwise: number): number {
  const text = textFlag(invocation, 'wait');
  const value = text === undefined ? otherwise : Number(text);
  if (!(value >= 0 && value <= WAIT_S)) throw new UsageError(`--wait takes seconds, at most ${WAIT_S}`);
  return value;
}

async function sets(invocation: Invocation): Promise<number> {
  interface SetView {
    name: string;
    title?: string;
    data: Record<string, string>;
    steps: { name: string; group: string; title: string; required: boolean; alone: boolean }[];
    problems: { file: string; line: number; column: number; message: string }[];
  }
  const all = await adminJson<SetView[]>(invocation, 'GET', '/api/assure/sets');
  if (invocation.flags.json) {
    invocation.print(JSON.stringify(all, null, 2));
    return 0;
  }
  for (const { name, title, data, steps, problems } of all) {
    invocation.print(`${name}: ${title ?? 'has faults'}`);
    for (const { file, line, column, message } of problems) {
      invocation.complain(`  ${file}:${line}:${column}: ${message}`);
    }
    for (const step of steps) {
      const notes = [step.required ? undefined : 'not required', step.alone ? 'alone' : undefined].filter(Boolean);
      const told = notes.length > 0 ? ` (${notes.join(', ')})` : '';
      invocation.print(`  ${step.group.padEnd(9)} ${step.name.padEnd(16)} ${step.title}${told}`);
    }
    for (const [key, value] of Object.entries(data)) invocation.print(`  --data ${key}=${value}`);
  }
  return 0;
}

/** Prints the report and writes its files; the exit code says whether all that is required was handled. */
async function told(invocation: Invocation, report: AssureReport): Promise<number> {
  const { reportText } = await import('../assure/text.ts');
  if (invocation.flags.json) invocation.print(JSON.stringify(report, null, 2));
  else for (const line of reportText(report)) invocation.print(line);
  for (const format of ['html', 'junit'] as const) {
    const file = textFlag(invocation, format);
    if (file === undefined) continue;
    const answer = await callAdmin(invocation, 'GET', `/api/assure/report?format=${format}`);
    if (answer.status >= 400) throw new VerbError(`the report could not be made: ${answer.status} ${answer.text}`);
    try {
      writeFileSync(file, answer.bytes);
    } catch (error) {
      throw new VerbError(`${file} can't be written: ${(error as Error).message}`);
    }
    invocation.complain(`written: ${file}`);
  }
  return report.passed ? 0 : 1;
}

async function start(invocation: Invocation): Promise<number> {
  const { startRun } = await import('../assure/calls.ts');
  const { steps, space } = await startRun(invocation, invocation.flags.all === true);
  const open = steps.filter(({ state }) => state === 'open').length;
  const waiting = steps.filter(({ state }) => state === 'waiting').map(({ name }) => name);
  invocation.print(`a run of ${steps.length} steps began in space ${space}; ${open} are open`);
  if (waiting.length > 0) invocation.print(`to be begun by name: ${waiting.join(', ')}`);
  return 0;
}

async function run(invocation: Invocation): Promise<number> {
  const { CHOICE_FLAGS, currentRun, startRun } = await import('../assure/calls.ts');
  const { walk } = await import('../assure/walk.ts');
  const before = invocation.flags.again === true ? undefined : await currentRun(invocation);
  if (before) {
    const flag = CHOICE_FLAGS.find((name) => invocation.flags[name] !== undefined);
    if (flag) {
      throw new UsageError(
        `there is a run since ${before.beganAt}: without --${flag} it goes on, with --again a new one begins and its results are lost`,
      );
    }
    const left = before.steps.filter(({ state }) => state !== 'ended').length;
    invocation.print(`the run since ${before.beganAt} goes on: ${left} of ${before.steps.length} steps are left`);
  }
  const report = before ?? (await startRun(invocation, false));
  const command = textFlag(invocation, 'run');
  let whole = true;
  if (command !== undefined) {
    whole = await walk(invocation, report, { command, waitS: seconds(invocation, AFTER_COMMAND_S) });
  } else if (invocation.flags.wait !== undefined || !process.stdin.isTTY) {
    whole = await walk(invocation, report, { waitS: seconds(invocation, WAIT_S) });
  } else {
    const { createInterface } = await import('node:readline/promises');
    const keyboard = createInterface({ input: process.stdin, output: process.stdout });
    // The end of the input, and Ctrl-C, are a wish to stop: no step may stay arranged then.
    const closed = new Promise<string>((resolve) => keyboard.once('close', () => resolve('q')));
    whole = await walk(invocation, report, { ask: (question) => Promise.race([keyboard.question(question), closed]) });
    keyboard.close();
  }
  if (!whole) invocation.print('the run stays: "spine-sim assure run" goes on, "spine-sim assure finish" ends it');
  return told(invocation, await adminJson<AssureReport>(invocation, 'GET', '/api/assure'));
}

async function step(invocation: Invocation, action: string, name: string): Promise<number> {
  const { beginStep, endStep } = await import('../assure/calls.ts');
  const { askText, resultText } = await import('../assure/text.ts');
  const view =
    action === 'begin' ? await beginStep(invocation, name) : await endStep(invocation, name, seconds(invocation, 2));
  const lines = action === 'begin' ? askText(view, '') : resultText(view);
  for (const line of invocation.flags.json ? [JSON.stringify(view, null, 2)] : lines) invocation.print(line.trimEnd());
  return action === 'begin' || !view.required || view.result === 'handled' ? 0 : 1;
}

async function attest(invocation: Invocation, name: string, answer: string): Promise<number> {
  const { attestStep } = await import('../assure/calls.ts');
  if (answer !== 'yes' && answer !== 'no') throw usage('attest');
  const [note, by] = [textFlag(invocation, 'note'), textFlag(invocation, 'by')];
  const { question } = await attestStep(invocation, name, { answer, ...(note && { note }), ...(by && { by }) });
  invocation.print(`attested: ${question} ${answer}`);
  return 0;
}

export const assure: Verb = {
  name: 'assure',
  usage:
    'assure run [--set <name | file.yaml>] [--only <step or group>,...] [--skip <...>] [--data <name>=<value>,...] [--run <command>] [--wait <seconds>] [--again] [--html <file>] [--junit <file>] [--json] | assure start [--all] [--set ...] [--only ...] [--again] | assure begin <step> | assure end <step> [--wait <seconds>] | assure attest <step> <yes | no> [--note <text>] [--by <name>] | assure report [--html <file>] [--junit <file>] [--json] | assure finish [--html ...] | assure stop | assure sets [--json]',
  summary:
    'lead your own system through scenarios, step by step or beside its own tests, and write the evidence; ends with 1 when a required step was not handled',
  flags: ['set', 'only', 'skip', 'data', 'run', 'wait', 'again', 'all', 'html', 'junit', 'json', 'note', 'by'],
  words: 3,
  async run(invocation) {
    const [action, name, answer] = invocation.words;
    if (action === 'attest' && name !== undefined && answer !== undefined) return attest(invocation, name, answer);
    if (answer !== undefined) throw usage(action);
    if ((action === 'begin' || action === 'end') && name !== undefined) return step(invocation, action, name);
    if (name !== undefined) throw usage(action);
    if (action === 'run') return run(invocation);
    if (action === 'start') return start(invocation);
    if (action === 'sets') return sets(invocation);
    if (action === 'report') return told(invocation, await adminJson(invocation, 'GET', '/api/assure'));
    if (action === 'finish') return told(invocation, await adminJson(invocation, 'POST', '/api/assure/finish'));
    if (action === 'stop') {
      await adminJson(invocation, 'DELETE', '/api/assure');
      invocation.print('the run is forgotten, and all that it arranged is taken back');
      return 0;
    }
    throw usage(action);
  },
};

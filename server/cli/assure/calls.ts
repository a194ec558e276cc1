/** The verb's calls of the admin API, and the set that a flag names. */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { readSetText } from '../../core/assure/readSet.ts';
import type { AssureReport, StepReport } from '../../core/assure/report.ts';
import { RULE_CHECKS } from '../../namedErrors.ts';
import { adminJson, callAdmin } from '../adminClient.ts';
import { type Invocation, textFlag, UsageError, VerbError } from '../verb.ts';

const words = (text: string | undefined) => text?.split(',').flatMap((word) => word.trim() || []);

/** `name=value,name=value`; no value of a set has a comma. */
function dataOf(text: string | undefined): Record<string, string> | undefined {
  return (text &&
    Object.fromEntries(
      words(text)!.map((pair) => {
        const at = pair.indexOf('=');
        if (at < 1) throw new UsageError(`--data takes name=value pairs with commas between, not "${pair}"`);
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
    )) as Record<string, string> | undefined;
}

/** A file by its ending, else the name of a set that the simulator has. */
async function setOf(name: string | undefined): Promise<{ set?: string | undefined; definition?: unknown }> {
  if (name === undefined || !/\.ya?ml$/.test(name)) return { set: name };
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    throw new VerbError(`${name} can't be read: ${(error as Error).message}`);
  }
  const { set, problems } = await readSetText(name, text, RULE_CHECKS);
  if (!set) {
    const told = problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
    throw new VerbError(`the set has faults\n${told.join('\n')}`);
  }
  return { set: basename(name, extname(name)), definition: set };
}

/** Flags that choose what a run has. */
export const CHOICE_FLAGS = ['set', 'only', 'skip', 'data'] as const;

export async function startRun(invocation: Invocation, all: boolean): Promise<AssureReport> {
  const flag = (name: string) => textFlag(invocation, name);
  return adminJson<AssureReport>(invocation, 'POST', '/api/assure', {
    ...(await setOf(flag('set'))),
    ...{ only: words(flag('only')), skip: words(flag('skip')), data: dataOf(flag('data')) },
    ...{ all, again: invocation.flags.again === true },
  });
}

/** The run of the space; undefined when there is none. */
export async function currentRun(invocation: Invocation): Promise<AssureReport | undefined> {
  const answer = await callAdmin(invocation, 'GET', '/api/assure');
  if (answer.status === 404) return undefined;
  if (answer.status >= 400) throw new VerbError(`GET /api/assure: ${answer.status} ${answer.text}`);
  return answer.body as AssureReport;
}

const stepPath = (name: string, what: string) => `/api/assure/steps/${encodeURIComponent(name)}/${what}`;

export const beginStep = (invocation: Invocation, name: string) =>
  adminJson<StepReport>(invocation, 'POST', stepPath(name, 'begin'));

/** Takes back what an open step arranged; it can be begun again. */
export const leaveStep = (invocation: Invocation, name: string) =>
  adminJson<StepReport>(invocation, 'POST', stepPath(name, 'leave'));

/** Waits up to `within` seconds for a judgement. */
export const endStep = (invocation: Invocation, name: string, within: number) =>
  adminJson<StepReport>(invocation, 'POST', stepPath(name, 'end'), { within });

export const attestStep = (
  invocation: Invocation,
  name: string,
  said: { answer: string; note?: string; by?: string },
) => adminJson<StepReport>(invocation, 'POST', stepPath(name, 'attest'), said);

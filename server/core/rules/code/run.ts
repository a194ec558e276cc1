/** Runs the functions of rules: bounded in time, and whatever they throw is told with its place. */
import { inspect } from 'node:util';
import type { HttpAnswer } from '../../http/answer.ts';
import type { Predicate, Respond } from './definition.ts';
import { RuleCodeError } from './error.ts';
import type { DecodedExchange } from './exchange.ts';
import { placeOf } from './place.ts';
import { answerOf } from './response.ts';
import { LONGEST_MS, watch } from './watch.ts';

export type Responded = { answer: HttpAnswer } | { error: { name: string; text?: string | undefined } } | undefined;

/** Rejects with RuleCodeError. */
export async function asked(predicate: Predicate, exchange: DecodedExchange): Promise<boolean> {
  const holds = await bounded('matches', () => predicate(exchange));
  if (typeof holds !== 'boolean') throw new RuleCodeError(`matches returned ${typeof holds}, not a boolean`);
  return holds;
}

/** Rejects with RuleCodeError. */
export function responded(respond: Respond, exchange: DecodedExchange): Promise<Responded> {
  // What it returned may throw too when it is read.
  return bounded('respond', async () => readResponse(await respond(exchange)));
}

function readResponse(response: Awaited<ReturnType<Respond>>): Responded {
  if (response === undefined) return undefined;
  if (typeof response !== 'object' || response === null) {
    throw new RuleCodeError(
      `respond returned ${response === null ? 'null' : typeof response}, not {status, headers, body}`,
    );
  }
  if ('error' in response) return { error: { name: String(response.error), text: response.text } };
  return { answer: answerOf(response) };
}

async function bounded<T>(name: string, run: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const ended = watch();
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RuleCodeError(`${name} took longer than ${LONGEST_MS} ms`)), LONGEST_MS);
  });
  try {
    return await Promise.race([(async () => run())(), late]);
  } catch (error) {
    if (error instanceof RuleCodeError) throw error;
    const place = placeOf(error);
    const told = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
    throw new RuleCodeError(`${name} threw ${told}${place ? ` (${place.file}:${place.line}:${place.column})` : ''}`);
  } finally {
    ended();
    clearTimeout(timer);
  }
}

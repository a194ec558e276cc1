/** Messages of our own that a rule sends after an exchange. */
import type { HeaderLine } from '../../http/answer.ts';
import type { SchemaFault } from '../../yaml/schema.ts';
import type { RuleSpace } from '../decision.ts';
import type { CallbackWish } from '../definition/action.ts';
import type { FactsReading } from '../reading.ts';
import { type AnswerContext, compileAnswer } from './answer.ts';
import { Template } from './template.ts';

/** A message ready to be sent. */
export interface Callback {
  method: string;
  url: string;
  headers: HeaderLine[];
  body: Buffer | undefined;
  /** Simulated milliseconds after the exchange. */
  delayMs: number;
  certificate: string | undefined;
}

export type CallbackMaker = (reading: FactsReading, space: RuleSpace) => Promise<Callback[]>;

/** What is wrong is added to `faults` by its place in `do.callback`. */
export async function compileCallbacks(
  wished: CallbackWish | CallbackWish[],
  context: AnswerContext,
  faults: SchemaFault[],
): Promise<CallbackMaker> {
  const makers: ((reading: FactsReading, space: RuleSpace) => Promise<Callback>)[] = [];
  for (const [index, wish] of [wished].flat().entries()) {
    const at = Array.isArray(wished) ? [index] : [];
    const own: SchemaFault[] = [];
    const { headers, body, file } = wish;
    const message = await compileAnswer({ headers, body, file }, true, context, own);
    let url: Template | undefined;
    try {
      url = await Template.compile(wish.to, false, context.queries, context.namespaces);
    } catch (error) {
      own.push({ path: ['to'], message: (error as Error).message });
    }
    for (const fault of own) faults.push({ ...fault, path: [...at, ...fault.path] });
    makers.push(async (reading, space) => {
      const made = await message(reading, space);
      const bytes = made.body as Buffer;
      return {
        method: wish.method ?? 'POST',
        url: (await url!.render(reading, space)).trim(),
        headers: made.headers,
        body: bytes.length > 0 || wish.method === undefined || wish.method === 'POST' ? bytes : undefined,
        delayMs: wish.delay ?? 0,
        certificate: wish.certificate,
      };
    });
  }
  return (reading, space) => Promise.all(makers.map((make) => make(reading, space)));
}

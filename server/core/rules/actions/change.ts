/** Changes of the default answer: `set`. */
import { type HttpAnswer, setHeader } from '../../http/answer.ts';
import type { SchemaFault } from '../../yaml/schema.ts';
import type { RuleSpace } from '../decision.ts';
import type { Change } from '../definition/action.ts';
import { KNOWN_NAMESPACES } from '../matchers/queryMatchers.ts';
import type { FactsReading } from '../reading.ts';
import { type AnswerContext, HEADER_NAME, headerSafe } from './answer.ts';
import { holdBody, MAX_HELD_BYTES } from './holdBody.ts';
import { changeJson } from './jsonPointer.ts';
import { changeLdifAttribute } from './ldifAttribute.ts';
import { Template, TemplateError } from './template.ts';

/** Changes an answer in place; resolves with what it could not change. */
export type Changer = (answer: HttpAnswer) => Promise<string[]>;

/** Renders what depends on the exchange, while its facts are at hand. */
export type ChangerMaker = (reading: FactsReading, space: RuleSpace) => Promise<Changer>;

const PLACES = ['xpath', 'jsonPointer', 'header', 'attribute', 'text'] as const;

interface Compiled {
  change: Change;
  to: Template | undefined;
}

/** Compiles the changes; what is wrong is added to `faults` by its place in the list. */
export async function compileChanges(
  changes: readonly Change[],
  context: AnswerContext,
  faults: SchemaFault[],
): Promise<ChangerMaker> {
  const compiled: Compiled[] = [];
  for (const [index, change] of changes.entries()) {
    compiled.push({ change, to: await compileChange(change, [index], context, faults) });
  }
  return async (reading, space) => {
    const rendered: [Change, string | undefined][] = [];
    for (const { change, to } of compiled) rendered.push([change, await to?.render(reading, space)]);
    return async (answer) => {
      const problems: string[] = [];
      for (const [change, to] of rendered) {
        const problem = await apply(answer, change, to, context.namespaces);
        if (problem !== undefined) problems.push(problem);
      }
      return problems;
    };
  };
}

async function compileChange(
  change: Change,
  at: number[],
  { queries, namespaces }: AnswerContext,
  faults: SchemaFault[],
): Promise<Template | undefined> {
  const places = PLACES.filter((place) => change[place] !== undefined);
  const wanted = 'one of xpath, jsonPointer, header, attribute or text with `to` or `remove: true`, or a status';
  if (places.length > 1 || (places.length === 0 && change.status === undefined)) {
    faults.push({ path: at, message: `a change names ${wanted}` });
  } else if (places.length === 1 && (change.to === undefined) !== (change.remove === true)) {
    faults.push({ path: at, message: `a change of ${places[0]} needs \`to\` or \`remove: true\`` });
  } else if (change.header !== undefined && /^(content-length|transfer-encoding)$/i.test(change.header)) {
    faults.push({ path: [...at, 'header'], message: `${change.header} is set by the simulator` });
  }
  if (change.header !== undefined && !HEADER_NAME.test(change.header)) {
    faults.push({ path: [...at, 'header'], message: `${JSON.stringify(change.header)} is no name of a header` });
  }
  if (change.xpath !== undefined) {
    try {
      await queries.xpath(change.xpath, namespaces);
    } catch (error) {
      faults.push({ path: [...at, 'xpath'], message: (error as Error).message });
    }
  }
  if (change.to === undefined) return undefined;
  try {
    // The value is escaped by whoever puts it into its place.
    return await Template.compile(change.to, false, queries, namespaces);
  } catch (error) {
    const suggestion = error instanceof TemplateError ? error.suggestion : undefined;
    faults.push({ path: [...at, 'to'], message: (error as Error).message, suggestion });
    return undefined;
  }
}

async function apply(
  answer: HttpAnswer,
  change: Change,
  to: string | undefined,
  namespaces: Record<string, string>,
): Promise<string | undefined> {
  if (change.status !== undefined) {
    answer.status = change.status;
    delete answer.reason;
  }
  if (change.header !== undefined) {
    const wanted = change.header.toLowerCase();
    if (to !== undefined) setHeader(answer, change.header, headerSafe(to));
    else answer.headers = answer.headers.filter(([name]) => name.toLowerCase() !== wanted);
    return undefined;
  }
  const { xpath, jsonPointer, attribute, text } = change;
  if ([xpath, jsonPointer, attribute, text].every((place) => place === undefined)) return undefined;
  if (!(await holdBody(answer))) return `the answer is longer than ${MAX_HELD_BYTES} bytes and was not changed`;
  const before = String(answer.body ?? '');
  let after: string;
  try {
    if (text !== undefined) {
      if (!before.includes(text)) return `the answer has no text ${JSON.stringify(text)}`;
      after = before.replaceAll(text, () => to ?? '');
    } else if (attribute !== undefined) {
      const changed = changeLdifAttribute(before, attribute, to);
      if (changed === undefined) return `no entry of the answer has ${attribute}`;
      after = changed;
    } else if (xpath !== undefined) {
      const { editXml } = await import('../../xml/edit.ts');
      const edited = await editXml(before, [{ xpath, namespaces: { ...KNOWN_NAMESPACES, ...namespaces }, to }]);
      if (edited.changed[0] === 0) return `the answer has nothing at ${xpath}`;
      after = edited.text;
    } else {
      const changed = changeJson(before, jsonPointer!, to);
      if (changed === undefined) return `the answer has nothing at "${jsonPointer}"`;
      after = changed;
    }
  } catch (error) {
    return `the answer could not be changed: ${(error as Error).message}`;
  }
  answer.body = after;
  const unframed = ({ 0: name }: readonly string[]) => !/^(content-length|transfer-encoding)$/i.test(name!);
  answer.headers = answer.headers.filter(unframed);
  return undefined;
}

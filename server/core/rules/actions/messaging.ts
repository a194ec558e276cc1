/** Wishes of messaging: the parts of a response may be templates. */
import { readFile } from 'node:fs/promises';
import type { SchemaFault } from '../../yaml/schema.ts';
import type { RuleSpace } from '../decision.ts';
import type { MessagingWish, ResponseWish } from '../definition/messaging.ts';
import type { FactsReading } from '../reading.ts';
import { type AnswerContext, fileOf } from './answer.ts';
import { Template, TemplateError } from './template.ts';

export type MessagingMaker = (reading: FactsReading, space: RuleSpace) => Promise<MessagingWish>;

/** Markup is escaped where a template stands for XML. */
const TEMPLATES = [
  ['detail', false],
  ['subject', true],
  ['message', true],
] as const;

/** Compiles a wish; what is wrong with it is added to `faults` by its place in it. */
export async function compileMessaging(
  wish: MessagingWish,
  context: AnswerContext,
  faults: SchemaFault[],
): Promise<MessagingMaker> {
  const { response } = wish;
  if (Object.keys(wish).length === 0) {
    faults.push({ path: [], message: 'one of soapFault, ebxmlError, acknowledgment, response, delivery' });
  }
  if (wish.soapFault !== undefined && wish.ebxmlError !== undefined) {
    faults.push({ path: ['ebxmlError'], message: 'soapFault and ebxmlError exclude each other', atKey: true });
  }
  if (response === undefined || response === 'none') return async () => wish;
  const parts = await compileResponse(response, context, faults);
  return async (reading, space) => {
    const rendered: ResponseWish = { ...response };
    for (const [name, template] of parts) rendered[name] = await template.render(reading, space);
    delete rendered.file;
    return { ...wish, response: rendered };
  };
}

type Part = 'detail' | 'subject' | 'message';

async function compileResponse(
  response: ResponseWish,
  { folder, queries, namespaces }: AnswerContext,
  faults: SchemaFault[],
): Promise<Map<Part, Template>> {
  const parts = new Map<Part, Template>();
  const compile = async (name: Part, text: string, escaped: boolean, place: string) => {
    try {
      parts.set(name, await Template.compile(text, escaped, queries, namespaces));
    } catch (error) {
      const suggestion = error instanceof TemplateError ? error.suggestion : undefined;
      faults.push({ path: ['response', place], message: (error as Error).message, suggestion });
    }
  };
  for (const [name, escaped] of TEMPLATES) {
    const text = response[name];
    if (text !== undefined) await compile(name, text, escaped, name);
  }
  if (response.file !== undefined) {
    const own: SchemaFault[] = [];
    const path = await fileOf(response.file, folder, own);
    for (const found of own) faults.push({ ...found, path: ['response', ...found.path] });
    if (path !== undefined) await compile('message', await readFile(path, 'utf8'), true, 'file');
  }
  const whole = response.message !== undefined || response.file !== undefined;
  const made = (['detail', 'subject', 'issues', 'queryResponseCode'] as const).find(
    (name) => response[name] !== undefined,
  );
  if (whole && made !== undefined) {
    faults.push({ path: ['response', made], message: `${made} has no place in a whole message`, atKey: true });
  }
  if (response.message !== undefined && response.file !== undefined) {
    faults.push({ path: ['response', 'file'], message: 'a response has a message or a file, not both', atKey: true });
  }
  if (response.detail !== undefined && response.subject !== undefined) {
    faults.push({
      path: ['response', 'detail'],
      message: 'a response has a detail or a subject, not both',
      atKey: true,
    });
  }
  return parts;
}

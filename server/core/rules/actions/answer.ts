/** Answers that a rule gives: fixed or by template, the body in the rule or in a file. */
import { readFile, realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { type HeaderLine, type HttpAnswer, headerOf } from '../../http/answer.ts';
import type { SchemaFault } from '../../yaml/schema.ts';
import type { RuleSpace } from '../decision.ts';
import type { AnswerWish } from '../definition/action.ts';
import type { QueryCompiler } from '../matchers/queryMatchers.ts';
import type { FactsReading } from '../reading.ts';
import { Template, TemplateError } from './template.ts';

/** Set by the simulator from the body that is really sent: an answer without framing hangs every client that keeps alive. */
export const FRAMING = new Set(['content-length', 'transfer-encoding']);

/** RFC 9110 5.1: a token. */
export const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Largest file that is answered; it is held in memory while it is sent. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;

export type AnswerMaker = (reading: FactsReading, space: RuleSpace) => Promise<HttpAnswer>;

export interface AnswerContext {
  /** Folder that `file` is in. */
  folder: string | undefined;
  queries: QueryCompiler;
  namespaces: Record<string, string>;
}

/** Compiles an answer; what is wrong with it is added to `faults` by its place in the answer. */
export async function compileAnswer(
  wish: AnswerWish,
  isTemplate: boolean,
  context: AnswerContext,
  faults: SchemaFault[],
): Promise<AnswerMaker> {
  if (wish.body !== undefined && wish.file !== undefined) {
    faults.push({ path: ['file'], message: 'an answer has a body or a file, not both' });
  }
  const path = wish.file === undefined ? undefined : await fileOf(wish.file, context.folder, faults);
  const text = path === undefined ? (wish.body ?? '') : isTemplate ? await readFile(path, 'utf8') : undefined;
  const markup = isMarkup(headerValue(wish.headers, 'content-type') ?? guessType(text ?? ''));
  const compile = async (source: string, at: (string | number)[], escaped: boolean): Promise<Template | string> => {
    if (!isTemplate) return source;
    try {
      return await Template.compile(source, escaped, context.queries, context.namespaces);
    } catch (error) {
      const suggestion = error instanceof TemplateError ? error.suggestion : undefined;
      faults.push({ path: at, message: (error as Error).message, suggestion });
      return '';
    }
  };
  const headers: [string, Template | string][] = [];
  for (const [name, value] of Object.entries(wish.headers ?? {})) {
    if (!HEADER_NAME.test(name)) {
      faults.push({ path: ['headers', name], message: `${JSON.stringify(name)} is no name of a header`, atKey: true });
    }
    if (FRAMING.has(name.toLowerCase())) {
      const suggestion = 'leave it out; to break it use the fault truncate or bad-chunk';
      faults.push({ path: ['headers', name], message: `${name} is set by the simulator`, suggestion, atKey: true });
    }
    for (const line of [value].flat()) headers.push([name, await compile(line, ['headers', name], false)]);
  }
  const at = wish.file === undefined ? 'body' : 'file';
  const body = text === undefined ? undefined : await compile(text, [at], markup);
  const render = async (part: Template | string, reading: FactsReading, space: RuleSpace) =>
    typeof part === 'string' ? part : part.render(reading, space);

  return async (reading, space) => {
    const lines: HeaderLine[] = [];
    for (const [name, value] of headers) lines.push([name, headerSafe(await render(value, reading, space))]);
    const bytes = body === undefined ? await readFile(path!) : Buffer.from(await render(body, reading, space));
    const answer: HttpAnswer = { status: wish.status ?? 200, headers: lines, body: bytes };
    if (bytes.length > 0 && headerOf(answer, 'content-type') === undefined) {
      lines.push(['Content-Type', guessType(bytes.subarray(0, 100).toString('latin1'))]);
    }
    return answer;
  };
}

/** The file's path; a name that leads out of the folder is refused, since rules may come over the admin API. */
export async function fileOf(
  name: string,
  folder: string | undefined,
  faults: SchemaFault[],
): Promise<string | undefined> {
  const refuse = (message: string): undefined => {
    faults.push({ path: ['file'], message });
  };
  if (folder === undefined) return refuse('there is no folder of rules to take a file from');
  try {
    const inside = `${await realpath(folder)}${sep}`;
    const path = await realpath(resolve(folder, name));
    if (!path.startsWith(inside)) return refuse(`"${name}" is not in the folder of the rules`);
    const { stat } = await import('node:fs/promises');
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return refuse(`"${name}" has ${size} bytes; ${MAX_FILE_BYTES} are the most`);
    return path;
  } catch (error) {
    return refuse(`"${name}" can not be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
  }
}

function headerValue(headers: AnswerWish['headers'], wanted: string): string | undefined {
  const entry = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === wanted);
  return entry === undefined ? undefined : [entry[1]].flat()[0];
}

/** A line break in a rendered value would end the header, and any control character makes Node refuse the answer. */
export function headerSafe(value: string): string {
  return value.replace(/[\x00-\x08\x0a-\x1f\x7f]+/g, ' ').replace(/[^\x00-\xff]/g, '?');
}

/** The Content-Type of an answer that names none. */
export function guessType(text: string): string {
  const begin = text.trimStart();
  if (/^<(!doctype html|html)/i.test(begin)) return 'text/html; charset=UTF-8';
  if (begin.startsWith('<')) return 'text/xml; charset=UTF-8';
  return /^[[{](?!\{)/.test(begin) ? 'application/json' : 'text/plain; charset=UTF-8';
}

function isMarkup(contentType: string): boolean {
  return /[/+](xml|html|xhtml)\b/i.test(contentType);
}

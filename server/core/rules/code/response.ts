/** What a function returned, as an answer. */
import { inspect } from 'node:util';
import type { HeaderLine, HttpAnswer } from '../../http/answer.ts';
import { headerOf } from '../../http/answer.ts';
import { nearest } from '../../yaml/nearest.ts';
import { FRAMING, guessType, HEADER_NAME, headerSafe } from '../actions/answer.ts';
import type { RuleResponse } from './definition.ts';
import { RuleCodeError } from './error.ts';

const PARTS = ['status', 'headers', 'body', 'error', 'text'];

/** Throws RuleCodeError for what can't be answered. */
export function answerOf(response: RuleResponse): HttpAnswer {
  for (const part of Object.keys(response)) {
    if (PARTS.includes(part)) continue;
    const guess = nearest(part, PARTS);
    throw new RuleCodeError(
      `respond returned "${part}"${guess ? ` (did you mean "${guess}"?)` : ''}, which is no part of an answer`,
    );
  }
  const { status = 200, headers = {}, body } = response;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RuleCodeError(`respond returned the status ${inspect(status)}; it is a number from 200 to 599`);
  }
  const lines: HeaderLine[] = [];
  if (typeof headers !== 'object' || headers === null) {
    throw new RuleCodeError(`respond returned headers that are ${inspect(headers)}, not a mapping`);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name))
      throw new RuleCodeError(`respond returned ${JSON.stringify(name)}, which is no name of a header`);
    if (FRAMING.has(name.toLowerCase()))
      throw new RuleCodeError(`respond returned ${name}, which the simulator sets itself`);
    for (const line of [value].flat()) lines.push([name, headerSafe(String(line))]);
  }
  const bytes = bytesOf(body);
  const answer: HttpAnswer = { status, headers: lines, body: bytes };
  if (bytes.length > 0 && headerOf(answer, 'content-type') === undefined) {
    lines.push(['Content-Type', guessType(bytes.subarray(0, 100).toString('latin1'))]);
  }
  return answer;
}

function bytesOf(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  try {
    return Buffer.from(JSON.stringify(body));
  } catch (error) {
    throw new RuleCodeError(`respond returned a body that is no JSON: ${(error as Error).message}`);
  }
}

/** The JSON of an admin call, whatever its content type says: one suite posts it with none. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Call } from '../call.ts';
import { headerText } from '../headerText.ts';
import { MAX_ADMIN_BYTES } from '../limits.ts';
import { bodyOf, ChunkTooLarge } from '../requestBody.ts';

export class JsonFields {
  readonly #values: Record<string, unknown>;

  constructor(values: Record<string, unknown>) {
    this.#values = values;
  }

  /** The text of a member as a header can carry it; undefined when it is absent or null. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    return headerText(String(value));
  }
}

/** The members of the body, or the answer that says what is wrong with it. */
export async function readJson(call: Call, required: string[]): Promise<JsonFields | HttpAnswer> {
  let value: unknown;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bodyOf(call.exchange, MAX_ADMIN_BYTES)) chunks.push(Buffer.from(chunk));
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof ChunkTooLarge)) throw error;
    return call.invalid([{ loc: ['body'], msg: 'JSON decode error', type: 'json_invalid' }]);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return call.invalid([{ loc: ['body'], msg: 'Input should be a valid dictionary', type: 'model_attributes_type' }]);
  }
  const fields = value as Record<string, unknown>;
  const missing = required.filter((name) => fields[name] === undefined || fields[name] === null);
  if (missing.length > 0) {
    return call.invalid(missing.map((name) => ({ loc: ['body', name], msg: 'Field required', type: 'missing' })));
  }
  const structured = Object.keys(fields).filter((name) => typeof fields[name] === 'object' && fields[name] !== null);
  if (structured.length > 0) {
    const msg = 'Input should be a valid string';
    return call.invalid(structured.map((name) => ({ loc: ['body', name], msg, type: 'string_type' })));
  }
  return new JsonFields(fields);
}

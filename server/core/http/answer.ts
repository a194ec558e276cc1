/** An HTTP answer as a service gives it: exactly what goes on the wire. */
import type { Readable } from 'node:stream';

export type HeaderLine = [name: string, value: string];

export interface HttpAnswer {
  status: number;
  /** Reason phrase, where a client reads it. */
  reason?: string;
  /** In wire order and case. Content-Length is added when the body is not a stream and the length is not given. */
  headers: HeaderLine[];
  body?: Buffer | string | Readable;
  /** Name of a fault to apply while sending, with its parameters. */
  fault?: { name: string; options?: Record<string, unknown> };
}

/** The value of a header, whatever its case. */
export function headerOf(answer: Pick<HttpAnswer, 'headers'>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return answer.headers.find(([header]) => header.toLowerCase() === wanted)?.[1];
}

/** Replaces a header where it stands, or adds it at the end. */
export function setHeader(answer: HttpAnswer, name: string, value: string): void {
  const wanted = name.toLowerCase();
  const line = answer.headers.find(([header]) => header.toLowerCase() === wanted);
  if (line) line[1] = value;
  else answer.headers.push([name, value]);
}

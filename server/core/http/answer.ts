/** An HTTP answer as a service gives it: exactly what goes on the wire. */
import type { Readable } from 'node:stream';
import type { Fault } from '../faults/catalogue.ts';

export type HeaderLine = [name: string, value: string];

export interface HttpAnswer {
  status: number;
  /** Reason phrase, where a client reads it. */
  reason?: string;
  /** In wire order and case. Content-Length is added when the body is not a stream and the length is not given. */
  headers: HeaderLine[];
  body?: Buffer | string | Readable;
  /** The chunks of a streamed body are for this answer alone: each is freed when it is sent. */
  freesBody?: boolean;
  /** How the answer is to be broken on its way. */
  fault?: Fault;
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

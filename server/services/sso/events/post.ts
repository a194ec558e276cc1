/** Posts a document to a listener of a client, over HTTP or HTTPS, with a time limit and a bounded answer. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { HeaderLine } from '../../../core/http/answer.ts';

/** A listener answers `OK`; a page of its web server may be longer and tells the same. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface PostOptions {
  headers: Record<string, string>;
  body: Buffer;
  timeoutMs: number;
  /** For HTTPS: what to show, and whom to trust. */
  tls: { key: string; cert: string; ca: string[] };
}

export interface PostAnswer {
  status: number;
  headers: HeaderLine[];
  body: Buffer;
  /** Why the listener's certificate would not be trusted. A test listener often has one of its own, so this is no obstacle. */
  certificateProblem?: string;
}

/** Rejects with an Error when there is no connection, no answer in time, or too long an answer. */
export function post(url: URL, { headers, body, timeoutMs, tls }: PostOptions): Promise<PostAnswer> {
  const secure = url.protocol === 'https:';
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'Content-Length': String(body.length), Connection: 'close' },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
  };
  return new Promise((resolve, reject) => {
    const answered = (response: IncomingMessage): void => {
      collect(response).then(resolve, reject);
    };
    const request = secure
      ? httpsRequest(url, { ...options, ...tls, rejectUnauthorized: false }, answered)
      : httpRequest(url, options, answered);
    request.on('error', (error) => reject(plain(error, timeoutMs)));
    request.end(body);
  });
}

function plain(error: Error & { code?: string }, timeoutMs: number): Error {
  if (error.name === 'AbortError' || error.name === 'TimeoutError')
    return new Error(`no answer within ${timeoutMs} ms`);
  return error.message ? error : new Error(error.code ?? 'the connection failed');
}

async function collect(response: IncomingMessage): Promise<PostAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const headers: HeaderLine[] = [];
  const { rawHeaders } = response;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.push([rawHeaders[at]!, rawHeaders[at + 1]!]);
  const problem = (response.socket as Partial<TLSSocket>).authorizationError;
  return {
    status: response.statusCode ?? 0,
    headers,
    body: Buffer.concat(chunks),
    ...(problem ? { certificateProblem: String(problem) } : {}),
  };
}

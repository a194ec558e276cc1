/** The verbs' way to a running simulator: its admin API. */
import { SPACE_HEADER } from '../core/space/space.ts';
import { type Invocation, textFlag, VerbError } from './verb.ts';

/** Longest wait for an answer of the admin API, in milliseconds. */
const ANSWER_TIMEOUT_MS = 70_000;

export interface AdminAnswer {
  status: number;
  body: unknown;
  text: string;
  bytes: Buffer;
}

/** Base address: `--admin`, SPINE_SIM_ADMIN_URL, or loopback with SPINE_SIM_ADMIN_PORT. */
export function adminUrl(invocation: Invocation): string {
  const port = textFlag(invocation, 'admin-port') ?? (process.env.SPINE_SIM_ADMIN_PORT || '8900');
  const url = textFlag(invocation, 'admin') ?? (process.env.SPINE_SIM_ADMIN_URL || `http://127.0.0.1:${port}`);
  return url.replace(/\/$/, '');
}

/** Calls the admin API. Throws VerbError with a plain word when nothing listens there, or the token is not the right one. */
export async function callAdmin(
  invocation: Invocation,
  method: string,
  path: string,
  body?: unknown,
  timeoutMs = ANSWER_TIMEOUT_MS,
): Promise<AdminAnswer> {
  const base = adminUrl(invocation);
  const headers: Record<string, string> = {};
  const space = textFlag(invocation, 'space');
  const token = textFlag(invocation, 'admin-token') ?? process.env.SPINE_SIM_ADMIN_TOKEN;
  if (space) headers[SPACE_HEADER] = space;
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`${base}${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      throw new VerbError(`the simulator at ${base} has not answered within ${timeoutMs / 1000} seconds`);
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new VerbError(
      `no simulator answers at ${base} (${cause}); start one with "spine-sim start" or name it with --admin <url>`,
    );
  }
  if (response.status === 401) {
    throw new VerbError(
      `${base} ${token ? 'has another' : 'asks for a'} token: give the one it was started with as SPINE_SIM_ADMIN_TOKEN or --admin-token`,
    );
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('utf8');
  const json = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: json ? JSON.parse(text) : undefined, text, bytes };
}

/** The answer's text, or a VerbError with the API's own message. */
export async function adminText(invocation: Invocation, method: string, path: string): Promise<string> {
  const answer = await callAdmin(invocation, method, path);
  if (answer.status >= 400) throw new VerbError(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.text;
}

/** The answer's body, or a VerbError with the API's own message. */
export async function adminJson<T>(
  invocation: Invocation,
  method: string,
  path: string,
  body?: unknown,
  timeoutMs?: number,
): Promise<T> {
  const answer = await callAdmin(invocation, method, path, body, timeoutMs);
  if (answer.status >= 400) {
    const message = (answer.body as { message?: string } | undefined)?.message ?? answer.text;
    throw new VerbError(`${method} ${path}: ${answer.status} ${message}`);
  }
  return answer.body as T;
}

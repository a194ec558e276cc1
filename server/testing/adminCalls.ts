/** Calls of the admin API in one space. */
import { SPACE_HEADER } from '../core/space/space.ts';

/** A call that the admin API refused; the message is its own. */
export class AdminCallError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class AdminCalls {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** `space`: the one that calls are about; absent, all or the default one, as the call has it. */
  constructor(url: string, token: string | undefined, space?: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#headers = {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(space === undefined ? {} : { [SPACE_HEADER]: space }),
    };
  }

  /** The answer as JSON, or as text where it is none. Rejects with AdminCallError, or in plain words when nothing answers. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const headers = json === undefined ? this.#headers : { ...this.#headers, 'Content-Type': 'application/json' };
    const response = await fetch(this.#url + path, { method, headers, body: json ?? null }).catch((error: Error) => {
      throw new Error(`no simulator answers at ${this.#url}: is it started?`, { cause: error });
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const value = isJson && text !== '' ? (JSON.parse(text) as unknown) : text;
    if (response.ok) return value as T;
    throw new AdminCallError(response.status, `${method} ${path}: ${(value as { message?: string }).message ?? text}`);
  }
}

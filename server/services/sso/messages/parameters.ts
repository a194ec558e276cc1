/** Parameters of the page-like calls: of the query, and of the form if one was posted. */
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { readTicket } from '../../../core/sessions/ticket.ts';

/** More would only be there to be logged. */
const MAX_VALUE_LENGTH = 1_024;

export class CallParameters {
  readonly #query: URLSearchParams;
  readonly #form: URLSearchParams;

  constructor(exchange: HttpExchange) {
    this.#query = exchange.query;
    this.#form = new URLSearchParams(exchange.method === 'POST' ? exchange.body.toString('utf8') : '');
  }

  /** The first value, trimmed; undefined when absent or empty. */
  get(name: string): string | undefined {
    const value = this.#query.get(name) ?? this.#form.get(name);
    return value?.trim().slice(0, MAX_VALUE_LENGTH) || undefined;
  }

  ticket(lenient: boolean): string | undefined {
    const token = this.#query.get('token') ?? this.#form.get('token');
    return token?.trim() ? readTicket(token, lenient).slice(0, MAX_VALUE_LENGTH) : undefined;
  }
}

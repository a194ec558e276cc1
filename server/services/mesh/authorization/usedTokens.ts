/**
 * Tokens that were used: mailbox, nonce and nonce count. The set is kept rather than the highest count of a nonce, since two
 * connections of one client can arrive out of order.
 */
import { MAX_USED_TOKENS } from '../limits.ts';

export class UsedTokens {
  #current = new Set<string>();
  #previous = new Set<string>();
  #rotatedAt: number | undefined;

  /**
   * Remembers a token; false if it was used before. `now` and `keepMs` are milliseconds: a token is remembered for at least
   * `keepMs`, after which its timestamp is out of the window anyway.
   */
  use(mailbox: string, nonce: string, count: string, now: number, keepMs: number): boolean {
    this.#rotate(now, keepMs);
    const key = `${mailbox}:${nonce}:${count}`;
    if (this.#current.has(key) || this.#previous.has(key)) return false;
    this.#current.add(key);
    return true;
  }

  #rotate(now: number, keepMs: number): void {
    this.#rotatedAt ??= now;
    const aged = Math.abs(now - this.#rotatedAt) >= keepMs;
    if (!aged && this.#current.size < MAX_USED_TOKENS) return;
    this.#previous = this.#current;
    this.#current = new Set();
    this.#rotatedAt = now;
  }
}

/**
 * One commit for all that is written in a turn of the event loop. A commit costs several times what the rows in it cost, and the
 * requests of many clients arrive together; each of them still hears of success only after the commit.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #failed: (error: unknown) => unknown;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #mark: StatementSync;
  readonly #keep: StatementSync;
  readonly #undo: StatementSync;
  #waiting: Waiting[] = [];
  #turn: NodeJS.Immediate | undefined;

  /** `failed` makes the error that is told of one of SQLite. */
  constructor(database: DatabaseSync, failed: (error: unknown) => unknown) {
    this.#database = database;
    this.#failed = failed;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#mark = database.prepare('SAVEPOINT part');
    this.#keep = database.prepare('RELEASE part');
    this.#undo = database.prepare('ROLLBACK TO part');
  }

  /**
   * Runs the action at once, all of it or nothing: readers see what it wrote. Resolves with its result when it is durable. Rejects
   * with what the action threw, or because the commit failed. What it threw may come of what others wrote in the same turn, such
   * as a row that must not be there: that too is told only when it is durable.
   */
  async run<R>(action: () => R): Promise<R> {
    let result: R;
    try {
      if (this.#turn === undefined) this.#open();
      result = this.#part(action);
    } catch (error) {
      if (this.#turn !== undefined) await this.#committed();
      throw this.#failed(error);
    }
    await this.#committed();
    return result;
  }

  /**
   * Resolves with what the look at the rows finds, once all that it may have seen is durable: an answer that rests on a row must
   * not outlive it. Looks again when a commit failed.
   */
  async look<R>(action: () => R): Promise<R> {
    while (true) {
      const found = action();
      if (this.#turn === undefined) return found;
      const kept = await this.#committed().then(
        () => true,
        () => false,
      );
      if (kept) return found;
    }
  }

  /** Commits now what waits for it. Never throws: those who wait are told. */
  flush(): void {
    if (this.#turn === undefined) return;
    clearImmediate(this.#turn);
    this.#turn = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      this.#commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const failure = this.#failed(error);
      for (const { reject } of waiting) reject(failure);
      return;
    }
    for (const { resolve } of waiting) resolve();
  }

  #committed(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #open(): void {
    this.#begin.run();
    this.#turn = setImmediate(() => this.flush());
  }

  #part<R>(action: () => R): R {
    this.#mark.run();
    try {
      const result = action();
      this.#keep.run();
      return result;
    } catch (error) {
      if (this.#database.isTransaction) {
        this.#undo.run();
        this.#keep.run();
      } else {
        this.#lose(error);
      }
      throw error;
    }
  }

  /** SQLite has given up the whole transaction, as it does when the disk is full: nobody's part of it is there. */
  #lose(error: unknown): void {
    clearImmediate(this.#turn);
    this.#turn = undefined;
    const failure = this.#failed(error);
    for (const { reject } of this.#waiting.splice(0)) reject(failure);
  }
}

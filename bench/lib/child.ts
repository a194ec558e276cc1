/** A process that is measured, or that makes the load. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** What a server may take to be ready, in milliseconds: a first start makes RSA keys. */
const READY_MS = 60_000;

export interface Usage {
  /** Processor time so far, in microseconds. */
  cpu: number;
  /** Resident memory in bytes. */
  rss: number;
}

export interface ChildOptions {
  args?: string[];
  /** Node's own flags. */
  flags?: string[];
}

export class Child {
  readonly pid: number;
  readonly #process: ChildProcess;
  #output = '';

  constructor(script: string, { args = [], flags = [] }: ChildOptions = {}) {
    const usage = join(import.meta.dirname, 'usage.ts');
    this.#process = fork(join(ROOT, script), args, {
      cwd: ROOT,
      execArgv: [...flags, '--import', usage],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.pid = this.#process.pid!;
    // Read to the end of its life: a server whose log nobody reads would block on it.
    this.#process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (this.#output.length < 64_000) this.#output += text;
    });
  }

  /** What it printed up to the first match of the pattern. Throws when it ends or stays silent before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const patience = AbortSignal.timeout(READY_MS);
    const ended = once(this.#process, 'exit', { signal: patience }).then(([code]) => {
      throw new Error(`the process ended with ${code}: ${this.#output}`);
    });
    ended.catch(() => {});
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      await Promise.race([once(this.#process.stdout!, 'data'), ended]);
    }
  }

  send(message: object | string): void {
    this.#process.send(message);
  }

  /** The next message from it. */
  async answer<T>(): Promise<T> {
    const [message] = await once(this.#process, 'message');
    return message as T;
  }

  /** Sends a message and waits for its answer. */
  async ask<T>(message: object | string): Promise<T> {
    const answer = this.answer<T>();
    this.send(message);
    return await answer;
  }

  usage(): Promise<Usage> {
    return this.ask('usage');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exit;
  }
}

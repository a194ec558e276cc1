/** Operations of one connection that have not ended: searches that go on in turns, and what a rule delays. */

export class Running {
  readonly messageId: number;
  /** Abandoned, or the connection has gone: nothing may be sent any more. */
  stopped = false;
  /** Set while the operation waits for room in the socket. */
  waiting: (() => void) | undefined;
  readonly onStop: (reason: string) => void;
  /** Ends the operation with the result `canceled`. */
  readonly onCancel: () => void;

  constructor(messageId: number, onStop: (reason: string) => void, onCancel: () => void) {
    this.messageId = messageId;
    this.onStop = onStop;
    this.onCancel = onCancel;
  }
}

export class RunningOperations {
  #running = new Set<Running>();

  get size(): number {
    return this.#running.size;
  }

  add(messageId: number, onStop: (reason: string) => void, onCancel: () => void): Running {
    const running = new Running(messageId, onStop, onCancel);
    this.#running.add(running);
    return running;
  }

  /** Puts an operation back that goes on after all. */
  restore(running: Running): void {
    this.#running.add(running);
  }

  delete(running: Running): void {
    this.#running.delete(running);
  }

  /** Stops the operation of that message id. False when there is none. */
  stop(messageId: number, reason: string): boolean {
    for (const running of this.#running) {
      if (running.messageId !== messageId) continue;
      this.#stop(running, reason);
      return true;
    }
    return false;
  }

  /** Lets the operation of that message id end as canceled (RFC 3909 2.1). False when there is none. */
  cancel(messageId: number): boolean {
    for (const running of this.#running) {
      if (running.messageId !== messageId) continue;
      this.#running.delete(running);
      running.stopped = true;
      running.onCancel();
      return true;
    }
    return false;
  }

  stopAll(reason: string): void {
    for (const running of [...this.#running]) this.#stop(running, reason);
  }

  /** Gives those that wait for room another turn. */
  wake(): void {
    for (const running of this.#running) {
      if (!running.waiting) continue;
      setImmediate(running.waiting);
      running.waiting = undefined;
    }
  }

  #stop(running: Running, reason: string): void {
    this.#running.delete(running);
    running.stopped = true;
    running.onStop(reason);
  }
}

/** What was changed by hand for all spaces, the dated rules and the TLS profiles: kept, so that a restart does not undo it. */
import { type Policy, PolicyError } from '../core/policy/policy.ts';
import type { PolicyChange } from '../core/policy/rule.ts';
import { type Collection, ENVIRONMENT, type Store } from '../core/store/store.ts';
import { type BoardChanges, type ProfileBoard, ProfileError } from './profileBoard.ts';

export interface Changes {
  /** Dated rules by id: what differs from settings and timeline. */
  policy: Record<string, PolicyChange>;
  tls: BoardChanges;
}

const ROW = 'changes';

export class EnvironmentChanges {
  readonly #policy: Policy;
  readonly #board: ProfileBoard;
  readonly #rows: Collection<Changes>;

  constructor(store: Store, policy: Policy, board: ProfileBoard) {
    this.#policy = policy;
    this.#board = board;
    this.#rows = store.collection<Changes>('environment');
  }

  current(): Changes {
    return { policy: this.#policy.changes(), tls: this.#board.changes() };
  }

  /** Resolves when what is in force now outlives the process. */
  async keep(): Promise<void> {
    await this.#rows.put(ENVIRONMENT, ROW, this.current());
  }

  /** Puts these in the place of all changes. Throws PolicyError or ProfileError, and then all is as it was. */
  async take({ policy, tls }: Changes): Promise<void> {
    const before = this.current();
    try {
      await this.#board.take(tls);
      for (const { profile, before } of Object.values(policy)) {
        for (const name of [profile, before]) if (name !== undefined) await this.#board.use(name);
      }
      this.#policy.take(policy);
    } catch (error) {
      await this.#board.take(before.tls);
      throw error;
    }
    await this.keep();
  }

  /** Takes up what an earlier run kept. Resolves with why it can't be used, which leaves settings and timeline as they are. */
  async open(): Promise<string | undefined> {
    const kept = await this.#rows.get(ENVIRONMENT, ROW);
    if (!kept) return undefined;
    try {
      await this.take(kept);
      return undefined;
    } catch (error) {
      if (error instanceof PolicyError || error instanceof ProfileError) return error.message;
      throw error;
    }
  }

  /** As settings and timeline have it. */
  async reset(): Promise<void> {
    this.#policy.reset();
    this.#board.reset();
    await this.#rows.delete(ENVIRONMENT, ROW);
  }
}

/** The directory of one space with the views that clients have of it. */
import type { Directory } from './directory/directory.ts';
import type { MatchContext } from './directory/matcher.ts';
import { SelectionCache } from './directory/selection.ts';
import { Follower, SHOWN_KINDS } from './projection/project.ts';
import type { WorldChangeNote, WorldSource } from './projection/source.ts';
import { attribute } from './schema/schema.ts';
import type { Session } from './session.ts';
import type { SdsSettings } from './settings.ts';

/** What anonymous clients never see nor search by. */
const SECRETS = new Set(['userPassword', 'nhsPuSecret'].map(attribute));

/** How much of the directory a client may see. */
export interface View {
  match: MatchContext;
  selections: SelectionCache;
}

function makeView(settings: SdsSettings, hidden: MatchContext['hidden']): View {
  const dev = settings.profile === 'dev';
  return {
    match: { publishedRulesOnly: !dev, hidden },
    selections: new SelectionCache({ echoSpelling: dev, hidden }),
  };
}

export interface FollowOptions {
  /** True where other spaces show the same entries. */
  shared: boolean;
  /** Entries that show where the world has no record. */
  beneath?: Directory | undefined;
  now: () => number;
  onFault: (error: unknown) => void;
}

export class SpaceDirectory {
  readonly settings: SdsSettings;
  /** When it was made, in milliseconds of simulated time. */
  readonly startedAt: number;
  /** Where changes are made; undefined for a directory that shows no world. */
  world: WorldSource | undefined;
  #entries: Directory;
  #public: View;
  #full: View;

  constructor(entries: Directory, settings: SdsSettings, startedAt: number) {
    this.#entries = entries;
    this.settings = settings;
    this.startedAt = startedAt;
    this.#public = makeView(settings, SECRETS);
    this.#full = makeView(settings, new Set());
  }

  /** Ask for it in each operation: the first change of a space's world gives it entries of its own. */
  get entries(): Directory {
    return this.#entries;
  }

  viewOf(session: Session): View {
    return session.administrator ? this.#full : this.#public;
  }

  /**
   * Shows the changes of a world from now on. Entries that are shared with other spaces are copied at the first change.
   * `onFault` is told of a record that can't become an entry: that must not undo the change of the world.
   */
  follow(world: WorldSource, { shared, beneath, now, onFault }: FollowOptions): void {
    this.world = world;
    let follower: Follower | undefined;
    const show = (change: WorldChangeNote) => {
      if (!follower) {
        if (shared) this.#entries = this.#entries.clone();
        follower = new Follower(world, this.#entries, now, beneath);
      }
      follower.follow(change);
    };
    world.onChange((change) => {
      if (!(SHOWN_KINDS as readonly string[]).includes(change.kind)) return;
      try {
        show(change);
      } catch (error) {
        onFault(error);
      }
    });
  }
}

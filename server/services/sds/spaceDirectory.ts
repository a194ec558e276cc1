/** The directory of one space with the views that clients have of it. */
import type { Directory } from './directory/directory.ts';
import type { MatchContext } from './directory/matcher.ts';
import { SelectionCache } from './directory/selection.ts';
import type { WorldSource } from './projection/source.ts';
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

export class SpaceDirectory {
  readonly entries: Directory;
  readonly settings: SdsSettings;
  /** Where changes are made; undefined for a directory of its own. */
  readonly world: WorldSource | undefined;
  /** When it was built, in milliseconds of simulated time. */
  readonly startedAt: number;
  #public: View;
  #full: View;

  constructor(entries: Directory, settings: SdsSettings, startedAt: number, world?: WorldSource) {
    this.entries = entries;
    this.settings = settings;
    this.startedAt = startedAt;
    this.world = world;
    this.#public = makeView(settings, SECRETS);
    this.#full = makeView(settings, new Set());
  }

  viewOf(session: Session): View {
    return session.administrator ? this.#full : this.#public;
  }
}

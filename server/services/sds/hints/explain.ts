/** Why a search found nothing, in words: for the journal. */
import type { RequestOf } from '../protocol/message.ts';
import type { Session } from '../session.ts';
import type { SpaceDirectory } from '../spaceDirectory.ts';
import { entryHints } from './entries.ts';
import { first, type Hint, MAX_HINTS } from './hint.ts';
import { requestHints } from './request.ts';

type Search = RequestOf<'search'>;

/** Clients ask again for what they did not find, some in a loop; an explanation holds until the directory changes. */
const MAX_REMEMBERED = 128;

interface Remembered {
  version: number;
  hints: Map<string, Hint[]>;
}

const remembered = new WeakMap<SpaceDirectory, Remembered>();

/** At most a handful of hints, mistakes in the request first. Empty where the request is as good as any. */
export function explainNothing(request: Search, directory: SpaceDirectory, session: Session): Hint[] {
  const { version } = directory.entries;
  let known = remembered.get(directory);
  if (known?.version !== version || known.hints.size >= MAX_REMEMBERED) {
    known = { version, hints: new Map() };
    remembered.set(directory, known);
  }
  const { base, scope, filter, attributes } = request;
  const key = JSON.stringify([base, scope, filter, attributes, session.administrator]);
  let hints = known.hints.get(key);
  if (!hints) {
    hints = explain(request, directory, session);
    known.hints.set(key, hints);
  }
  return hints;
}

function explain(request: Search, directory: SpaceDirectory, session: Session): Hint[] {
  const { entries } = directory;
  const hints = first(MAX_HINTS, requestHints(request, entries.suffixes()));
  if ('refused' in request.filter) return hints;
  const { match } = directory.viewOf(session);
  const { filter, base, scope } = request;
  hints.push(...first(MAX_HINTS - hints.length, entryHints(filter, base, scope, entries, match)));
  return hints;
}

/** Why a search found nothing, in words: for the journal. */
import type { RequestOf } from '../protocol/message.ts';
import type { Session } from '../session.ts';
import type { SpaceDirectory } from '../spaceDirectory.ts';
import { entryHints } from './entries.ts';
import { first, type Hint, MAX_HINTS } from './hint.ts';
import { requestHints } from './request.ts';

/** At most a handful of hints, mistakes in the request first. Empty where the request is as good as any. */
export function explainNothing(request: RequestOf<'search'>, directory: SpaceDirectory, session: Session): Hint[] {
  const { entries } = directory;
  const hints = first(MAX_HINTS, requestHints(request, entries.suffixes()));
  if (hints.length < MAX_HINTS && !('refused' in request.filter)) {
    const { match } = directory.viewOf(session);
    hints.push(...first(MAX_HINTS - hints.length, entryHints(request.filter, entries, match)));
  }
  return hints;
}

/** Compare (RFC 4511 4.10). */
import { compileFilter } from '../directory/matcher.ts';
import { StoredView } from '../directory/storedView.ts';
import type { RequestOf } from '../protocol/message.ts';
import { ResultCode } from '../protocol/resultCode.ts';
import { findAttribute } from '../schema/schema.ts';
import { locate } from './locate.ts';
import { type Call, type Outcome, outcome } from './operation.ts';

export function compare({ request, directory, session, startTls }: Call<RequestOf<'compare'>>): Outcome {
  const place = locate(request.dn, directory, startTls);
  if ('result' in place) return { result: place.result };
  const { match } = directory.viewOf(session);
  const type = findAttribute(request.attribute);
  if (!type) return outcome(ResultCode.undefinedAttributeType, `no attribute ${request.attribute}`);
  if (match.hidden.has(type)) return outcome(ResultCode.insufficientAccessRights, 'not for anonymous clients');
  const view = place.view ?? stored(directory.entries, place.id);
  if (view.values(type).length === 0) return outcome(ResultCode.noSuchAttribute);
  const truth = compileFilter({ type: 'equality', attribute: request.attribute, value: request.value }, match)(view);
  if (truth === undefined) {
    const wrongRule = match.publishedRulesOnly && !type.comparison;
    return outcome(wrongRule ? ResultCode.inappropriateMatching : ResultCode.invalidAttributeSyntax);
  }
  return outcome(truth ? ResultCode.compareTrue : ResultCode.compareFalse);
}

function stored(entries: StoredView['directory'], id: number): StoredView {
  const view = new StoredView(entries);
  view.id = id;
  return view;
}

/** Advanced trace: alphanumeric with wildcards and ranges, or algorithmic with a score; all matches up to a limit. */
import { traceAlgorithmic, traceAlphanumeric } from '../../../core/demographics/advanced.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { FAILURES, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import { Query } from '../query.ts';
import { viewRecord } from '../record/view.ts';
import type { MatchView } from '../render/advanced63.ts';
import { settingsOf } from '../settings.ts';
import { ALGORITHMIC, type Criteria, readCriteria } from './advancedCriteria.ts';
import { explainNobody, found, type QueryDefinition, refuse, todayOf, viewing } from './outcome.ts';

export interface AdvancedTrace extends QueryDefinition {
  renderMatches(matches: readonly MatchView[]): string;
}

export function advancedTrace(definition: AdvancedTrace): InteractionHandler {
  const { interaction } = definition;
  return {
    service: 'pdsquery',
    interactions: [interaction],
    handle: (request) => trace(definition, request),
    fail: failing(definition.generation),
  };
}

async function trace(definition: AdvancedTrace, request: InteractionRequest): Promise<InteractionReply> {
  const { generation, reply } = definition;
  const { world } = request.exchange.space;
  const criteria = readCriteria(new Query(request), world);
  if ('failure' in criteria) return refuse(request, generation, criteria.failure, criteria.detail);
  const today = todayOf(request);
  const { mostMatches, lowestScore } = settingsOf(request);
  const { matches, more } = await (criteria.type === ALGORITHMIC
    ? traceAlgorithmic(world, criteria, today, lowestScore)
    : traceAlphanumeric(world, criteria, today));
  if (more || matches.length > mostMatches) {
    const detail = more
      ? 'too many people fit, or may: give more of the name or the date of birth'
      : `${matches.length} people fit`;
    return refuse(request, generation, FAILURES.tooManyMatches, detail);
  }
  if (matches.length === 0) {
    await explainNobody(request, asUnique(criteria));
    return refuse(request, generation, FAILURES.noAdvancedMatch, `nobody fits${backwards(criteria)}`);
  }
  request.exchange.step('PDS', 'ok', `${matches.length} people fit`);
  const views = matches.map(({ patient, score }) => ({
    view: viewRecord(patient, { ...viewing(request), history: criteria.showHistory }),
    score,
  }));
  const withheld = views.some(({ view }) => view.redacted);
  return found(reply, generation, definition.renderMatches(views), [
    withheld ? WARNINGS.sensitiveMatch : WARNINGS.match,
  ]);
}

/** Why nobody ever could: compared as far as both ends of a range go. */
function backwards({ born, died }: Criteria): string {
  const [item] = Object.entries({ birthTime: born, deceasedTime: died }).find(
    ([, range]) => range && range.from.slice(0, range.to.length) > range.to,
  ) ?? [undefined];
  return item === undefined ? '' : `: the range of person.${item} ends before it begins`;
}

/** The part of a search that a unique trace has too, to look for near misses; a range of dates is none of it. */
function asUnique({ family, given, gender, born, postcode, pafKey }: Criteria) {
  const dateOfBirth = born && born.from === born.to ? born.from : undefined;
  return { family, given, gender, dateOfBirth, postcode, pafKey };
}

/** Advanced trace: alphanumeric with wildcards and ranges, or algorithmic with a score; all matches up to a limit. */
import { type AdvancedQuery, traceAlgorithmic, traceAlphanumeric } from '../../../core/demographics/advanced.ts';
import { MIN_BEFORE_WILDCARD } from '../../../core/demographics/wildcard.ts';
import { parseTimestamp } from '../../../core/hl7/timestamp.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import type { World } from '../../../core/world/world.ts';
import { FAILURES, type Failure, failedCheck, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import {
  FIRST_DATE,
  LAST_DATE,
  type PersonName,
  readAddress,
  readDate,
  readGender,
  readName,
  readPractices,
} from '../person.ts';
import { Query, readHistoric } from '../query.ts';
import { viewRecord } from '../record/view.ts';
import type { MatchView } from '../render/advanced63.ts';
import { settingsOf } from '../settings.ts';
import { found, type QueryDefinition, refuse, todayOf, viewing } from './outcome.ts';

export interface AdvancedTrace extends QueryDefinition {
  renderMatches(matches: readonly MatchView[]): string;
}

const ALPHANUMERIC = '1';
const ALGORITHMIC = '2';

type Criteria = AdvancedQuery & { type: string };

interface Problem {
  failure: Failure;
  detail: string;
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
  const query = new Query(request);
  const { world } = request.exchange.space;
  const criteria = readCriteria(query, world);
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
  if (matches.length === 0) return refuse(request, generation, FAILURES.noAdvancedMatch, 'nobody fits');
  request.exchange.step('PDS', 'ok', `${matches.length} people fit`);
  const history = query.value('historicDataIndicator')?.attr('code', '') === '1';
  const views = matches.map(({ patient, score }) => ({
    view: viewRecord(patient, { ...viewing(request), history }),
    score,
  }));
  const withheld = views.some(({ view }) => view.redacted);
  return found(reply, generation, definition.renderMatches(views), [
    withheld ? WARNINGS.sensitiveMatch : WARNINGS.match,
  ]);
}

function readCriteria(query: Query, world: World): Criteria | Problem {
  const missing = (detail: string): Problem => ({
    failure: failedCheck('MISSING_MANDATORY_SEARCH_FIELD_AT', detail),
    detail,
  });
  const types = query.values('searchParameter').map((value) => value.attr('code', ''));
  if (types.length !== 1) {
    const detail = 'a single search parameter must be provided';
    return { failure: failedCheck('MISSING_SEARCH_TYPE', detail), detail };
  }
  const [type] = types;
  if (type !== ALPHANUMERIC && type !== ALGORITHMIC) {
    const detail = 'invalid searchParameter value provided';
    return { failure: failedCheck('INVALID_SEARCH_TYPE', detail), detail };
  }
  if (!query.value('historicDataIndicator')?.attr('code', '')) return missing('missing historicDataIndicator');
  const historic = readHistoric(query);
  if (typeof historic !== 'boolean') return refusal('INVALID_HISTORY_INDICATOR', 'historicDataIndicator is not 0 or 1');
  const ignore = query.value('ignoreHistoryIndicator')?.attr('code', '');
  if (query.value('ignoreHistoryIndicator') && ignore !== '0' && ignore !== '1') {
    return refusal('INVALID_IGNORE_HISTORY_INDICATOR', 'ignoreHistoryIndicator is not 0 or 1');
  }
  const [repeated] = query.repeated();
  if (repeated !== undefined) return refusal('DUPLICATE_SEARCH_FIELDS_PROVIDED', `${repeated} came twice`);
  const name = readName(query);
  if (!name || (!name.family && name.given.length === 0)) return missing('missing person name');
  const criteria = criteriaOf(query, type, historic, name, world);
  return checkSearch(criteria) ?? (type === ALGORITHMIC ? checkAlgorithmic(criteria) : undefined) ?? criteria;
}

function refusal(name: string, detail: string): Problem {
  return { failure: failedCheck(name, detail), detail };
}

/** Dates are digits of a date; a wildcard stands behind two characters at least. */
function checkSearch({ family, given, postcode, born, died }: Criteria): Problem | undefined {
  for (const date of [born?.from, born?.to, died?.from, died?.to]) {
    if (date === undefined || date === FIRST_DATE || date === LAST_DATE) continue;
    if (date.includes('*')) return refusal('INVALID_SEARCH_DATA', `a date takes no wildcard: ${date}`);
    if (!/^\d+$/.test(date) || !parseTimestamp(date)) return refusal('ILLEGAL_DATE_FORMAT', `${date} is no date`);
  }
  const early = [family, ...given, postcode].find((text) => {
    const star = text?.indexOf('*') ?? -1;
    return star >= 0 && star < MIN_BEFORE_WILDCARD;
  });
  return early === undefined ? undefined : refusal('INVALID_SEARCH_DATA', `a wildcard too near the start of ${early}`);
}

function criteriaOf(
  query: Query,
  type: string,
  historic: boolean,
  { family, given }: PersonName,
  world: World,
): Criteria {
  const ignored = query.value('ignoreHistoryIndicator')?.attr('code', '') === '1';
  return {
    type,
    family,
    given,
    gender: readGender(query),
    born: readDate(query, 'person.birthTime'),
    died: readDate(query, 'person.deceasedTime'),
    ...readAddress(query),
    practices: readPractices(query, world),
    nhsNumber: query.value('person.id')?.attr('extension', '') || undefined,
    history: historic && !ignored,
  };
}

/** One of three sets of fields must be there, and nothing may stand for anything. */
function checkAlgorithmic({ family, given, gender, born, postcode }: Criteria): Problem | undefined {
  const wildcard = [family, ...given, postcode].find((text) => text?.includes('*'));
  if (wildcard !== undefined) {
    return { failure: failedCheck('INVALID_SEARCH_DATA', wildcard), detail: 'an algorithmic trace takes no wildcard' };
  }
  const [forename] = given;
  const narrow = born?.from === born?.to && postcode && gender;
  if (born && ((family && forename) || (narrow && (family || forename)))) return undefined;
  const detail = 'missing search fields for an algorithmic trace';
  return { failure: failedCheck('MISSING_MANDATORY_SEARCH_FIELD_AT', detail), detail };
}

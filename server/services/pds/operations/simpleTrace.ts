/** Simple trace: exact family name, gender and full date of birth; one person or a failure, never a list. */
import { traceUnique, whoFits } from '../../../core/demographics/trace.ts';
import { parseTimestamp } from '../../../core/hl7/timestamp.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { FAILURES, type Failure, failedCheck, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import { type PersonAddress, readAddress, readDays, readGender, readName } from '../person.ts';
import { Query } from '../query.ts';
import { type RecordView, viewMatch } from '../record/view.ts';
import { explainNobody, found, type QueryDefinition, refuse, todayOf, viewing } from './outcome.ts';

export interface SimpleTrace extends QueryDefinition {
  renderMatch(view: RecordView): string;
}

/** Gender codes that a search may name. */
const GENDERS: readonly string[] = ['0', '1', '2', '9'];

/** `yyyyMMdd`; a time behind it is not looked at. */
const FULL_DATE = 8;

interface Criteria {
  family: string;
  given: string[];
  gender: string;
  dateOfBirth: string;
  dateOfDeath: string | undefined;
  address: PersonAddress;
}

export function simpleTrace(definition: SimpleTrace): InteractionHandler {
  const { interaction, status } = definition;
  return {
    service: 'pdsquery',
    interactions: [interaction],
    status,
    handle: (request) => trace(definition, request),
    fail: failing(definition.generation),
  };
}

async function trace(definition: SimpleTrace, request: InteractionRequest): Promise<InteractionReply> {
  const { generation, reply } = definition;
  const { exchange } = request;
  const criteria = readCriteria(new Query(request));
  if ('failure' in criteria) return refuse(request, generation, criteria.failure, criteria.detail);
  const { address, ...person } = criteria;
  const today = todayOf(request);
  const result = await traceUnique(exchange.space.world, { ...person, ...address }, today);
  if (result.outcome === 'several') {
    return refuse(request, generation, FAILURES.severalMatches, whoFits(result));
  }
  if (result.outcome === 'none') {
    await explainNobody(request, { ...person, ...address });
    return refuse(request, generation, FAILURES.noSimpleMatch, 'nobody fits');
  }
  const { patient } = result;
  exchange.identify({ nhsNumber: patient.nhsNumber });
  exchange.step('PDS', 'ok', 'one person fits');
  const view = viewMatch(patient, viewing(request));
  return found(reply, generation, definition.renderMatch(view), view.redacted ? [WARNINGS.sensitiveMatch] : []);
}

/** In the order of Spine's own checks, which count: an item that came twice is as good as missing. */
function readCriteria(query: Query): Criteria | { failure: Failure; detail: string } {
  const missing = (field: string, detail: string) => ({
    failure: failedCheck('MISSING_MANDATORY_SEARCH_FIELD', field),
    detail,
  });
  const invalid = (name: string, text: string, detail: string) => ({ failure: failedCheck(name, text), detail });
  const births = readDays(query, 'person.birthTime');
  const [birth] = births;
  if (births.length !== 1 || birth === undefined) {
    return missing('birthTime', `there are ${births.length} person.birthTime/value/@value`);
  }
  const names = query.values('person.name').flatMap((value) => value.children('family', NS.hl7));
  const name = readName(query);
  if (names.length !== 1 || !name?.family) {
    return missing('name.family', `there are ${names.filter(({ text }) => text.trim() !== '').length} family names`);
  }
  const gender = readGender(query);
  if (!gender || !GENDERS.includes(gender)) {
    const detail = gender ? `"${gender}" is not a gender` : 'there is no gender';
    return missing('administrativeGenderCode', detail);
  }
  const [death] = readDays(query, 'person.deceasedTime');
  for (const date of [birth, death]) {
    if (date === undefined || isFullDate(date)) continue;
    if (date.includes('*')) return invalid('INVALID_SEARCH_DATA', date, 'a date takes no wildcard');
    return invalid('ILLEGAL_DATE_FORMAT', date, `${date} is no date of eight digits`);
  }
  const address = readAddress(query);
  const texts = [name.family, ...name.given, address.postcode ?? ''];
  const wildcard = texts.find((text) => text.includes('*'));
  if (wildcard !== undefined) return invalid('INVALID_SEARCH_DATA', wildcard, 'a simple trace takes no wildcard');
  const [family, given] = [name.family, name.given];
  return { family, given, gender, dateOfBirth: birth, dateOfDeath: death, address };
}

function isFullDate(text: string): boolean {
  return text.length >= FULL_DATE && parseTimestamp(text) !== undefined;
}

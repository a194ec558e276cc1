/** Simple trace: exact family name, gender and full date of birth; one person or a failure, never a list. */
import { traceUnique } from '../../../core/demographics/trace.ts';
import { parseTimestamp } from '../../../core/hl7/timestamp.ts';
import type { InteractionHandler, InteractionReply, InteractionRequest } from '../../../core/interactions/registry.ts';
import { FAILURES, type Failure, failedCheck, WARNINGS } from '../issues.ts';
import { failing } from '../namedErrors.ts';
import { type PersonAddress, readAddress, readDate, readGender, readName } from '../person.ts';
import { Query } from '../query.ts';
import { type RecordView, viewMatch } from '../record/view.ts';
import { found, type QueryDefinition, refuse, todayOf, viewing } from './outcome.ts';

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
    return refuse(request, generation, FAILURES.severalMatches, `${result.count} people fit`);
  }
  if (result.outcome === 'none') {
    return refuse(request, generation, FAILURES.noSimpleMatch, 'nobody fits');
  }
  const { patient } = result;
  exchange.identify({ nhsNumber: patient.nhsNumber });
  exchange.step('PDS', 'ok', 'one person fits');
  const view = viewMatch(patient, viewing(request));
  return found(reply, generation, definition.renderMatch(view), view.redacted ? [WARNINGS.sensitiveMatch] : []);
}

function readCriteria(query: Query): Criteria | { failure: Failure; detail: string } {
  const missing = (field: string) => ({
    failure: failedCheck('MISSING_MANDATORY_SEARCH_FIELD', field),
    detail: `${field} is missing or not one of its codes`,
  });
  const [repeated] = query.repeated();
  if (repeated !== undefined) {
    return { failure: failedCheck('DUPLICATE_SEARCH_FIELDS_PROVIDED', repeated), detail: `${repeated} came twice` };
  }
  const birth = readDate(query, 'person.birthTime');
  if (!birth) return missing('birthTime');
  const name = readName(query);
  if (!name?.family) return missing('name.family');
  const gender = readGender(query);
  if (!gender || !GENDERS.includes(gender)) return missing('administrativeGenderCode');
  const death = readDate(query, 'person.deceasedTime');
  for (const date of [birth, death]) {
    if (!date || isFullDate(date.from)) continue;
    if (date.from.includes('*')) {
      return { failure: failedCheck('INVALID_SEARCH_DATA', date.from), detail: 'a date takes no wildcard' };
    }
    return {
      failure: failedCheck('ILLEGAL_DATE_FORMAT', date.from),
      detail: `${date.from} is no date of eight digits`,
    };
  }
  const address = readAddress(query);
  const texts = [name.family, ...name.given, address.postcode ?? ''];
  const wildcard = texts.find((text) => text.includes('*'));
  if (wildcard !== undefined) {
    return { failure: failedCheck('INVALID_SEARCH_DATA', wildcard), detail: 'a simple trace takes no wildcard' };
  }
  const [family, given] = [name.family, name.given];
  return { family, given, gender, dateOfBirth: birth.from, dateOfDeath: death?.from, address };
}

function isFullDate(text: string): boolean {
  return text.length >= FULL_DATE && parseTimestamp(text) !== undefined;
}

/**
 * Failures and warnings of PDS, each once: code and display name. Names are as PDS was seen to send them, those marked
 * "assumed" apart. Where only Spine's own symbolic name of a failed check is known, it stands for the unknown number.
 */
import type { UpdateFault } from '../../core/demographics/update/fault.ts';
import { OID } from '../../core/hl7/oid.ts';
import type { InteractionReply, Reason } from '../../core/interactions/registry.ts';
import type { Generation } from './generation.ts';

const issue = (qualifier: Reason['qualifier']) => (code: string, displayName: string) => ({
  code,
  codeSystem: OID.pdsIssue,
  displayName,
  qualifier,
});

const error = issue('ER');
const warning = issue('WG');

const NO_MATCH = 'No match to a Service User record';
const NUMBER_NOT_FOUND = 'NHS Number Not Found';

const SUPERSEDED = 'NHS Number has been superseded';
const INVALID_RECORD = 'NHS Number is invalid, no superseding NHS Number exists';

const generic = error('0', 'Generic Error');
const noMatch = error('1', NO_MATCH);
const numberNotFound = error('1', NUMBER_NOT_FOUND);

/** General reason first, then the detailed one: clients read the first. */
export type Failure = readonly [general: Reason, detail?: Reason];

export const FAILURES = {
  noSimpleMatch: [noMatch, error('ST004', NO_MATCH)],
  noAdvancedMatch: [noMatch, error('AT006', NO_MATCH)],
  noRecord: [noMatch, error('RT003', NO_MATCH)],
  numberNotFound: [numberNotFound, error('NHSNCC002', NUMBER_NOT_FOUND)],
  tooManyMatches: [
    error('2', 'Multiple match, number of entries exceed current operational limit for number of matches returned'),
  ],
  /** Name assumed. */
  severalMatches: [error('7', 'Multiple Matches Found')],
  /** Name assumed. */
  invalidRecord: [error('22', INVALID_RECORD)],
  /** Name assumed. */
  notVerified: [error('40', 'NHS Number not verified')],
  /** Name assumed. */
  notNewStyle: [error('42', 'NHS Number is not a new style NHS Number')],
  unexpected: [generic, error('GE002', 'Unexpected business error encountered.')],
} as const satisfies Record<string, Failure>;

export const WARNINGS = {
  match: warning('3', 'Match - NHS Number and standard Service User details returned'),
  sensitiveMatch: warning('5', 'Match - NHS Number and limited data only returned (sensitivity conditions apply)'),
  sensitive: warning('9', 'Successful retrieval - Information returned limited by sensitivity conditions'),
  /** Name assumed. */
  supersededMatch: warning('17', SUPERSEDED),
  superseded: warning(
    '24',
    'NHS Number supplied as a parameter has been superseded and superseding NHS Number returned',
  ),
} as const;

/** Codes and texts of the checks whose answer was seen; `detail` is appended to the text. */
const CHECKS: Record<string, [code: string, text: string]> = {
  INVALID_SEARCH_TYPE: ['AT001', 'Invalid search type'],
  MISSING_MANDATORY_SEARCH_FIELD_AT: ['AT002', 'Missing mandatory search field'],
  MISSING_SEARCH_TYPE: ['AT009', 'Missing search type'],
};

/** A failed check of the query itself, by Spine's symbolic name. */
export function failedCheck(name: string, detail?: string): Failure {
  const [code, text] = CHECKS[name] ?? [name, name];
  return [generic, error(code, detail === undefined ? text : `${text} - ${detail}`)];
}

/** The query failed: QUQI_IN010000UK14. */
export function queryFailure(generation: Generation, failure: Failure): InteractionReply {
  const [general, detail] = failure;
  return {
    interaction: 'QUQI_IN010000UK14',
    acknowledgement: 'AE',
    versionCode: generation.versionCode,
    reasons: detail && generation.detailedReasons ? [general, detail] : [general],
    queryResponseCode: 'ID',
  };
}

/** "Update Failed" was seen from another domain; that PDS says it is assumed. */
const updateFailed = error('15', 'Update Failed');

const unexpected = (detail: string) => error('GE002', `Unexpected business error encountered. - ${detail}`);

/** Why an update or a registration was not done, in the words of an application acknowledgement. */
export function updateReasons({ kind, rule, message }: UpdateFault): Reason[] {
  switch (kind) {
    case 'unknown':
      return [numberNotFound, error('NHSNCC002', NUMBER_NOT_FOUND)];
    case 'superseded':
      return [updateFailed, error('17', SUPERSEDED)];
    case 'invalid':
      return [updateFailed, error('22', INVALID_RECORD)];
    case 'stale':
    case 'sensitive':
      return [updateFailed, unexpected(message)];
    case 'rule':
      return [generic, rule === undefined ? unexpected(message) : error(rule, `${rule} - ${message}`)];
  }
}

/** A warning in the reply to an update: its qualifier is a value with a code system. */
export function updateWarning(rule: string, detail: string): Reason {
  return { ...warning(rule, `${rule} - ${detail}`), qualifierSystem: OID.issueQualifier };
}

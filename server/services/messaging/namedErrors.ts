/** The errors of messaging as rules and test data name them: Spine's own names. */
import { findNamed, type NamedError, type TestDataField } from '../../core/rules/namedErrors.ts';
import { FAULTS, MESSAGE_ERRORS, type MessagingError, REJECTS, type Refusal } from './errors.ts';

/** ASIDs and party keys that nobody has. */
const TEST_DATA: Record<string, { field: TestDataField; value: string }> = {
  MESSAGE_NOT_WELL_FORMED: { field: 'asid', value: '999900000101' },
  INVALID_MESSAGE_HEADER_VERSION: { field: 'asid', value: '999900000102' },
  SYNCREPLY_VERSION_INVALID: { field: 'asid', value: '999900000103' },
  SYNCREPLY_ACTOR_INVALID: { field: 'asid', value: '999900000104' },
  ACK_REQUESTED_VERSION_INVALID: { field: 'asid', value: '999900000105' },
  ACK_REQUESTED_SIGNED_INVALID: { field: 'asid', value: '999900000106' },
  INVALID_MANIFEST_REFERENCE: { field: 'asid', value: '999900000107' },
  EBXML_ACK_INVALID: { field: 'asid', value: '999900000108' },
  MESSAGE_TOO_LARGE: { field: 'asid', value: '999900000109' },
  SERVICE_INTERACTION_NOT_SUPPORTED: { field: 'asid', value: '999900000110' },
  SYSTEM_FAILURE: { field: 'asid', value: '999900000111' },
  SOAP_MESSAGE_ID_ERROR: { field: 'asid', value: '999900000112' },
  SOAP_ACTION_ERROR: { field: 'asid', value: '999900000113' },
  SOAP_TO_ERROR: { field: 'asid', value: '999900000114' },
  SOAP_COMM_FUNC_RCV_ERROR: { field: 'asid', value: '999900000115' },
  SOAP_COMM_FUNC_SND_ERROR: { field: 'asid', value: '999900000116' },
  INVALID_ID: { field: 'asid', value: '999900000117' },
  INVALID_CREATION_TIME: { field: 'asid', value: '999900000118' },
  INVALID_VERSION_CODE: { field: 'asid', value: '999900000119' },
  INVALID_CONTROL_ACT: { field: 'asid', value: '999900000120' },
  INVALID_COMM_FUNC_RCV: { field: 'asid', value: '999900000121' },
  INVALID_COMM_FUNC_SND: { field: 'asid', value: '999900000122' },
  CONTROL_ACT_AUTHOR_INVALID: { field: 'asid', value: '999900000123' },
  CONTROL_ACT_AUTHOR_INVALID_CARDINALITY: { field: 'asid', value: '999900000124' },
  CONTROL_ACT_AUTHOR_AGENT_INVALID: { field: 'asid', value: '999900000125' },
  CONTROL_ACT_AUTHOR_AGENT2_INVALID: { field: 'asid', value: '999900000126' },
  CONTROL_ACT_QUERY_INVALID: { field: 'asid', value: '999900000127' },
  INCONSISTENT_HL7_INTERACTION_ID: { field: 'asid', value: '999900000128' },
  INCONSISTENT_COMM_FUNC_RCV: { field: 'asid', value: '999900000129' },
  INCONSISTENT_COMM_FUNC_SND: { field: 'asid', value: '999900000130' },
  ACCESS_CONTROL_VIOLATION: { field: 'asid', value: '999900000131' },
  DUPLICATE_HL7_ID: { field: 'asid', value: '999900000132' },
  UNKNOWN_CPA: { field: 'partyKey', value: 'Z99ERR-0000001' },
  INVALID_TO_PARTY: { field: 'partyKey', value: 'Z99ERR-0000002' },
  CONTRACT_NOT_FOUND: { field: 'partyKey', value: 'Z99ERR-0000003' },
  DUPLICATE_ELIMINATION_INCONSISTENT_WITH_CONTRACT: { field: 'partyKey', value: 'Z99ERR-0000004' },
  ACK_REQUESTED_INCONSISTENT_WITH_CONTRACT: { field: 'partyKey', value: 'Z99ERR-0000005' },
  ACK_REQUESTED_ACTOR_INVALID: { field: 'partyKey', value: 'Z99ERR-0000006' },
  SYNCREPLY_INCONSISTENT_WITH_CONTRACT: { field: 'partyKey', value: 'Z99ERR-0000007' },
  TIME_TO_LIVE_EXPIRED: { field: 'partyKey', value: 'Z99ERR-0000008' },
  MIME_PROBLEM: { field: 'partyKey', value: 'Z99ERR-0000009' },
};

const WHERE: Record<MessagingError['form'], string | undefined> = {
  fault: undefined,
  reject: 'synchronous',
  messageError: 'ebXML',
};

const SYNC: readonly MessagingError[] = [...Object.values(FAULTS), ...Object.values(REJECTS)];
const EBXML: readonly MessagingError[] = [...Object.values(FAULTS), ...Object.values(MESSAGE_ERRORS)];

export const NAMED_ERRORS: readonly NamedError[] = [...SYNC, ...Object.values(MESSAGE_ERRORS)].map((error) => ({
  service: 'messaging',
  name: error.name,
  code: String(error.code),
  text: error.text,
  where: WHERE[error.form],
  testData: TEST_DATA[error.name],
}));

/** A refusal with the error of that name, or the only one of that code, of those that the channel has. */
export function refusalNamed(channel: 'sync' | 'ebxml', name: string, text: string | undefined): Refusal | undefined {
  const errors = channel === 'sync' ? SYNC : EBXML;
  const error = findNamed(errors, name);
  if (!error) return undefined;
  return {
    error: text === undefined ? error : { ...error, text },
    detail: 'asked for by name',
    advice: 'A rule, or the test data of this message, asks for this error.',
  };
}

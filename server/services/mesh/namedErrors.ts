/** The errors of MESH as rules and test data name them. */
import type { NamedError, TestDataField } from '../../core/rules/namedErrors.ts';
import { ERRORS, type MeshError } from './errors.ts';

/** Mailboxes that nobody has: as the mailbox of the path, or as the receiver of a message that is sent. */
const TEST_DATA: Record<keyof typeof ERRORS, { field: TestDataField; value: string }> = {
  authorizationUnreadable: { field: 'mailbox', value: 'X26ERR01' },
  mailboxMismatch: { field: 'mailbox', value: 'X26ERR02' },
  unknownMailbox: { field: 'mailbox', value: 'X26ERR03' },
  badToken: { field: 'mailbox', value: 'X26ERR04' },
  replayedToken: { field: 'mailbox', value: 'X26ERR05' },
  inactiveMailbox: { field: 'mailbox', value: 'X26ERR06' },
  acceptUnreadable: { field: 'mailbox', value: 'X26ERR07' },
  forbidden: { field: 'mailbox', value: 'X26ERR08' },
  notFound: { field: 'mailbox', value: 'X26ERR09' },
  multipleChoices: { field: 'mailbox', value: 'X26ERR10' },
  messageUnknown: { field: 'mailbox', value: 'X26ERR11' },
  messageGone: { field: 'mailbox', value: 'X26ERR12' },
  malformedHeaders: { field: 'to', value: 'X26ERR13' },
  checksum: { field: 'to', value: 'X26ERR14' },
  fromAddress: { field: 'to', value: 'X26ERR15' },
  toMissing: { field: 'to', value: 'X26ERR16' },
  version: { field: 'to', value: 'X26ERR17' },
  messageType: { field: 'to', value: 'X26ERR18' },
  unregisteredRecipient: { field: 'to', value: 'X26ERR19' },
  workflowNotRegistered: { field: 'to', value: 'X26ERR20' },
  dataMissing: { field: 'to', value: 'X26ERR21' },
  chunkRange: { field: 'to', value: 'X26ERR22' },
  chunksMissing: { field: 'to', value: 'X26ERR23' },
  encodingChanged: { field: 'to', value: 'X26ERR24' },
  encoding: { field: 'to', value: 'X26ERR25' },
  internalRecipient: { field: 'to', value: 'X26ERR40' },
  senderMayNot: { field: 'to', value: 'X26ERR41' },
  onsNotEnabled: { field: 'to', value: 'X26ERR42' },
  expiryPeriod: { field: 'to', value: 'X26ERR43' },
  tooLarge: { field: 'to', value: 'X26ERR26' },
};

export const NAMED_ERRORS: readonly NamedError[] = Object.entries<MeshError>(ERRORS).map(([name, error]) => ({
  service: 'mesh',
  name,
  code: error.code || String(error.status),
  text: error.description,
  testData: TEST_DATA[name as keyof typeof ERRORS],
}));

export function errorNamed(name: string): MeshError | undefined {
  const errors: Record<string, MeshError> = ERRORS;
  return Object.hasOwn(errors, name) ? errors[name] : onlyOfCode(name);
}

function onlyOfCode(code: string): MeshError | undefined {
  const found = Object.values<MeshError>(ERRORS).filter((error) => error.code === code);
  return found.length === 1 ? found[0] : undefined;
}

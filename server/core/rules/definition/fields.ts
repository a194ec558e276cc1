/** What is known of an exchange as one text each; a condition tests it, a template shows it, by this name. */
export const FIELD_NAMES = [
  'service',
  'operation',
  'interaction',
  'direction',
  'protocol',
  'host',
  'method',
  'path',
  'asid',
  'toAsid',
  'partyKey',
  'toPartyKey',
  'mailbox',
  'nhsNumber',
  'user',
  'role',
  'messageId',
  'conversationId',
  'clientCertificate',
  'certificateFingerprint',
] as const;

export type FieldName = (typeof FIELD_NAMES)[number];

/** Response codes of the PDS mini services (vocabulary PDSMiniServiceResponseCode). */
export const CODES = {
  success: 'SMSP-0000',
  invalidRequest: 'SMSP-0001',
  invalidReply: 'SMSP-0002',
  localCopy: 'SMSP-0003',
  unreachable: 'SMSP-0004',
  credentials: 'SMSP-0005',
  providerFailure: 'SMSP-9999',
  noMatch: 'DEMOG-0001',
  severalMatches: 'DEMOG-0007',
  superseded: 'DEMOG-0017',
  invalidated: 'DEMOG-0022',
  mismatch: 'DEMOG-0040',
  notNewStyle: 'DEMOG-0042',
  spineError: 'DEMOG-9999',
} as const;

export type Code = (typeof CODES)[keyof typeof CODES];

/** What each refusing code means, and what the caller can do. */
export const ADVICE: Partial<Record<Code, string>> = {
  [CODES.invalidRequest]: 'Send every mandatory item of the query, in the format that the service description gives.',
  [CODES.invalidReply]: 'What Spine answered the provider was not valid: nothing that the caller did.',
  [CODES.localCopy]: 'The provider could not reach Spine and answers from a copy of its own.',
  [CODES.unreachable]: 'The provider cannot reach Spine: try again later.',
  [CODES.credentials]: 'Spine does not take the credentials of the author.',
  [CODES.providerFailure]: 'The software of the provider failed: try again later.',
  [CODES.spineError]: 'Spine answered the provider with an error that has no code of its own.',
  [CODES.noMatch]: 'No record has this; "spine-sim patients" lists the people that there are.',
  [CODES.severalMatches]: 'More than one person fits: add given name, gender or postcode.',
  [CODES.superseded]: 'The number was merged into another one: go on with the number in the answer.',
  [CODES.invalidated]: 'The record of this number was invalidated and has no successor.',
  [CODES.mismatch]: 'The number exists, but the date of birth given is not that of the record.',
  [CODES.notNewStyle]: 'Send a ten-digit NHS number with root 2.16.840.1.113883.2.1.4.1.',
};

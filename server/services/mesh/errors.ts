/**
 * Every error of MESH, once: HTTP status, event, code and description as they travel on the wire, and one plain sentence for
 * the journal on what to fix. Where event and code are empty the service sends them empty too.
 */

export interface MeshError {
  status: number;
  event: string;
  code: string;
  description: string;
  advice: string;
}

function error(status: number, event: string, code: string, description: string, advice: string): MeshError {
  return { status, event, code, description, advice };
}

export const ERRORS = {
  authorizationUnreadable: error(
    403,
    '',
    '',
    'Error reading from Authorization header',
    'Send Authorization: NHSMESH <mailbox>:<nonce>:<nonce count>:<yyyyMMddHHmm>:<hash> with this request.',
  ),
  mailboxMismatch: error(
    403,
    '',
    '',
    'Mailbox id does not match token',
    'Use the mailbox of the path, in upper case, as the first part of the token.',
  ),
  unknownMailbox: error(
    403,
    'SEND',
    'EPL-151',
    'No mailbox matched',
    'Use a mailbox that is there, or add this one to the world (kind mailboxes).',
  ),
  badToken: error(
    403,
    '',
    '',
    'Invalid Authentication Token',
    'Make the hash over <mailbox>:<nonce>:<nonce count>:<password>:<timestamp> with the shared key of this environment (`mesh.sharedKey`), and the password of the mailbox (/api/world/mailboxes/<id> of the admin API).',
  ),
  replayedToken: error(
    403,
    '',
    '',
    'Error Duplicated Authentication Token',
    'Make a token for each request: a new nonce, or a nonce count that was not used with it.',
  ),
  inactiveMailbox: error(
    403,
    '',
    '',
    'Request Received from Inactive Mailbox',
    'Set active to true on this mailbox, or use another.',
  ),
  acceptUnreadable: error(
    400,
    '',
    '',
    'Accept header api format incorrect',
    'Send Accept: application/vnd.mesh.v2+json.',
  ),
  forbidden: error(403, '', '', 'Forbidden', 'Only the mailbox that the message belongs to may do this.'),
  notFound: error(404, '', '', 'Not Found', 'Ask for a message that this mailbox has sent.'),
  multipleChoices: error(300, '', '', 'Multiple Choices', 'Several messages carry this local id: track by message id.'),
  messageUnknown: error(
    404,
    'RECEIVE',
    '20',
    'Message does not exist',
    'List the inbox and ask for an id that it gives; chunks count from 1.',
  ),
  messageGone: error(
    410,
    'SEND',
    'Message already accepted',
    'Message no longer available for download',
    'Download a message before it is acknowledged and within its days in the inbox.',
  ),
  malformedHeaders: error(
    400,
    'TRANSFER',
    '06',
    'MalformedControlFile',
    'Send Mex headers without control characters, and no URL as Mex-To, Mex-WorkflowID or Mex-Content-Checksum.',
  ),
  checksum: error(
    400,
    'SEND',
    'Invalid checksum',
    'Invalid checksum',
    'Use only letters, digits, blanks, ":", "-" and "/" in Mex-Content-Checksum.',
  ),
  fromAddress: error(
    417,
    'SEND',
    '07',
    'Invalid From Address in the control file',
    'Leave Mex-From out, or send the mailbox of the path.',
  ),
  toMissing: error(400, 'SEND', '08', 'TO_DTS missing', 'Send the recipient mailbox in Mex-To.'),
  version: error(417, 'SEND', '09', 'Invalid version of the control file', 'Leave Mex-Version out, or send 1.0.'),
  messageType: error(
    417,
    'SEND',
    '11',
    'Invalid Message Type for the transfer',
    'Leave Mex-MessageType out, or send DATA.',
  ),
  unregisteredRecipient: error(
    417,
    'SEND',
    '12',
    'Unregistered to address',
    'Send to a mailbox that is there, or add this one to the world (kind mailboxes).',
  ),
  internalRecipient: error(
    417,
    'SEND',
    '12',
    'Cannot send messages to internal mailbox',
    'Send to a mailbox that is not one of the service itself.',
  ),
  senderMayNot: error(417, 'SEND', '16', 'Sender may not send this type', 'Use a mailbox that may send this type.'),
  onsNotEnabled: error(
    417,
    'SEND',
    '18',
    'ONS Civil Registration for workflowId {workflowId} is not enabled via MESH',
    'Use a workflow that is enabled.',
  ),
  expiryPeriod: error(417, 'SEND', '19', 'Invalid expiry period', 'Leave the expiry period out.'),
  workflowNotRegistered: error(
    417,
    'SEND',
    '17',
    'Workflow ID not registered for mailbox',
    'This workflow is restricted: add the sender to its senders and the recipient to its receivers.',
  ),
  dataMissing: error(417, 'COLLECT', '02', 'Data file is missing or inaccessible.', 'Send a body that is not empty.'),
  chunkRange: error(
    417,
    'SEND',
    'InvalidHeaderChunks',
    'Invalid chunk values sent in mex-Chunk-Range header',
    'Send Mex-Chunk-Range: <number>:<total>; the first chunk is 1 and the number agrees with the path.',
  ),
  chunksMissing: error(
    417,
    'SEND',
    'InvalidHeaderChunks',
    'Invalid chunk values sent in mex-Chunk-Range header',
    'Send the chunks that are missing: this one is kept, and the message is complete with the last of them.',
  ),
  encodingChanged: error(
    417,
    '',
    '',
    'cannot change content encoding',
    'Send all chunks of a message with the Content-Encoding of its first.',
  ),
  encoding: error(
    422,
    'SEND',
    'UnsupportedContentEncoding',
    'Unsupported content encoding',
    'Send Content-Encoding: gzip, or none.',
  ),
  tooLarge: error(413, '', '', 'Request Entity Too Large', 'Send the message in chunks of at most 100 MB.'),
} as const satisfies Record<string, MeshError>;

/** What each error of the fault `mesh-refuse` stands for. */
export const REFUSALS: Readonly<Record<string, MeshError>> = {
  '02': ERRORS.dataMissing,
  '06': ERRORS.malformedHeaders,
  '07': ERRORS.fromAddress,
  '08': ERRORS.toMissing,
  '09': ERRORS.version,
  '11': ERRORS.messageType,
  '12': ERRORS.unregisteredRecipient,
  '12-internal': ERRORS.internalRecipient,
  '16': ERRORS.senderMayNot,
  '17': ERRORS.workflowNotRegistered,
  '18': ERRORS.onsNotEnabled,
  '19': ERRORS.expiryPeriod,
  '20': ERRORS.messageUnknown,
  token: ERRORS.badToken,
  inactive: ERRORS.inactiveMailbox,
  gone: ERRORS.messageGone,
};

/** Texts that reports carry; they never answer a request. */
export const REPORTS = {
  notCollected: (days: number) => ({
    event: 'SEND',
    code: '14',
    description: `Message not collected by recipient after ${days} days`,
  }),
  deactivated: {
    event: 'SEND',
    code: '14',
    description: 'Message was not collected as the mailbox is deactivated',
  },
  severalMailboxes: { event: 'SEND', code: 'EPL-150', description: 'Multiple mailboxes matches' },
  noMailbox: { event: 'SEND', code: 'EPL-151', description: 'No mailbox matched' },
  nhsNumberInvalid: { event: 'SEND', code: 'EPL-152', description: 'Invalid NHS Number' },
  nhsNumberUnknown: { event: 'SEND', code: 'EPL-153', description: 'NHS Number not found' },
  patientMismatch: {
    event: 'SEND',
    code: 'EPL-154',
    description: 'NHS Number supplied does not match the demographics',
  },
} as const;

/**
 * Why messaging refuses, each once: Spine's own name for it, code, words and wire form. Names and the numbers 201, 202, 501 to
 * 518 and 900 are Spine's; the words of 501 to 518, and the numbers marked so, are assumed.
 */

/** A SOAP fault with HTTP 500. */
export interface FaultError {
  form: 'fault';
  name: string;
  code: number;
  text: string;
  /** Where no check says it better. */
  location: string;
  /** The sender is told that it is to blame, in the spelling of that context. */
  client?: true;
}

/** An HL7 reject (AR), MCCI_IN010000UK13 with HTTP 200. */
export interface RejectError {
  form: 'reject';
  name: string;
  code: string;
  text: string;
}

/** An ebXML MessageError with HTTP 200 (ebMS 2.0 4.2.3). */
export interface EbxmlError {
  form: 'messageError';
  name: string;
  /** errorCode, a word of ebMS 2.0 or a number of Spine's. */
  code: string;
  text: string;
  /** `Error` where absent. */
  severity?: 'Error' | 'Warning';
}

export type MessagingError = FaultError | RejectError | EbxmlError;

/** A refusal of one message: what is answered, and what the journal says of it. */
export interface Refusal {
  error: MessagingError;
  /** What was found, for the journal only. */
  detail: string;
  /** One plain sentence on what to fix. */
  advice: string;
  /** Location inside a fault. */
  location?: string;
}

export function isRefusal(value: object): value is Refusal {
  return 'error' in value && 'advice' in value;
}

const fault = (name: string, code: number, text: string, location: string): FaultError => ({
  form: 'fault',
  name,
  code,
  text,
  location,
});

const reject = (name: string, code: string, text: string): RejectError => ({ form: 'reject', name, code, text });

const structure = (name: string, location: string) => fault(name, 201, 'The message is not well formed', location);

const messageError = (name: string, code: string, text: string): EbxmlError => ({
  form: 'messageError',
  name,
  code,
  text,
});

export const FAULTS = {
  notWellFormed: structure('MESSAGE_NOT_WELL_FORMED', 'Envelope'),
  // The ebXML header. That violations of its structure are faults of this code is assumed, as their locations are.
  headerVersion: structure('INVALID_MESSAGE_HEADER_VERSION', 'MessageHeader.version'),
  syncReplyVersion: structure('SYNCREPLY_VERSION_INVALID', 'SyncReply.version'),
  syncReplyActor: structure('SYNCREPLY_ACTOR_INVALID', 'SyncReply.actor'),
  ackRequestedVersion: structure('ACK_REQUESTED_VERSION_INVALID', 'AckRequested.version'),
  ackRequestedSigned: structure('ACK_REQUESTED_SIGNED_INVALID', 'AckRequested.signed'),
  manifest: structure('INVALID_MANIFEST_REFERENCE', 'manifest.referenceCount'),
  acknowledgment: structure('EBXML_ACK_INVALID', 'Acknowledgment'),
  // Code assumed: the codes 200, 206 and 208 would make clients send the same long message again.
  tooLarge: fault('MESSAGE_TOO_LARGE', 201, 'The message is not well formed', 'messageSize'),
  unsupported: {
    ...fault(
      'SERVICE_INTERACTION_NOT_SUPPORTED',
      101,
      'The service/interaction is not supported for the requested URI',
      'HTTP Header - SOAPAction',
    ),
    client: true,
  },
  systemFailure: fault('SYSTEM_FAILURE', 200, 'System failure to process message - default', 'Not Supported'),
} as const satisfies Record<string, FaultError>;

export const REJECTS = {
  // The SOAP header. Numbers assumed: the nearest of the wrapper's own.
  soapMessageId: reject('SOAP_MESSAGE_ID_ERROR', '516', 'SOAP MessageID missing or invalid'),
  soapAction: reject('SOAP_ACTION_ERROR', '515', 'SOAP Action missing or not unique'),
  soapTo: reject('SOAP_TO_ERROR', '1000', 'SOAP To missing'),
  soapReceiver: reject('SOAP_COMM_FUNC_RCV_ERROR', '506', 'SOAP communicationFunctionRcv missing or invalid'),
  soapSender: reject('SOAP_COMM_FUNC_SND_ERROR', '507', 'SOAP communicationFunctionSnd missing or invalid'),
  // The transmission wrapper.
  id: reject('INVALID_ID', '501', 'Invalid id'),
  creationTime: reject('INVALID_CREATION_TIME', '502', 'Invalid creationTime'),
  versionCode: reject('INVALID_VERSION_CODE', '503', 'Invalid versionCode'),
  controlAct: reject('INVALID_CONTROL_ACT', '504', 'Invalid ControlActEvent'),
  receiver: reject('INVALID_COMM_FUNC_RCV', '506', 'Invalid communicationFunctionRcv'),
  sender: reject('INVALID_COMM_FUNC_SND', '507', 'Invalid communicationFunctionSnd'),
  author: reject('CONTROL_ACT_AUTHOR_INVALID', '508', 'Invalid ControlActEvent author'),
  author1Count: reject('CONTROL_ACT_AUTHOR_INVALID_CARDINALITY', '509', 'Invalid cardinality of author1'),
  author1: reject('CONTROL_ACT_AUTHOR_AGENT_INVALID', '510', 'Invalid author1 agentSystemSDS id'),
  author1Second: reject('CONTROL_ACT_AUTHOR_AGENT2_INVALID', '511', 'Invalid second author1 id'),
  query: reject('CONTROL_ACT_QUERY_INVALID', '512', 'ControlActEvent query missing'),
  // Consistency.
  interaction: reject('INCONSISTENT_HL7_INTERACTION_ID', '515', 'Interaction inconsistent with SOAP header'),
  receivers: reject('INCONSISTENT_COMM_FUNC_RCV', '506', 'communicationFunctionRcv inconsistent with SOAP header'),
  senders: reject('INCONSISTENT_COMM_FUNC_SND', '507', 'communicationFunctionSnd inconsistent with SOAP header'),
  // Access and duplicates.
  access: reject('ACCESS_CONTROL_VIOLATION', '900', 'Access Control Violation'),
  // Off unless the settings ask for it; number assumed.
  certificate: reject('CERTIFICATE_PARTY', '900', 'Access Control Violation'),
  duplicate: reject('DUPLICATE_HL7_ID', '202', 'Duplicate HL7 ID Error'),
} as const satisfies Record<string, RejectError>;

export const MESSAGE_ERRORS = {
  cpa: messageError('UNKNOWN_CPA', 'ValueNotRecognized', '501319:Unknown eb:CPAId'),
  toParty: messageError('INVALID_TO_PARTY', 'ValueNotRecognized', '501314:Invalid To Party Type attribute'),
  contract: messageError('CONTRACT_NOT_FOUND', '402005', 'An error occurred while finding the defined contract'),
  // Codes and words of these are assumed; the names are Spine's.
  duplicateElimination: messageError(
    'DUPLICATE_ELIMINATION_INCONSISTENT_WITH_CONTRACT',
    'Inconsistent',
    'eb:DuplicateElimination inconsistent with contract',
  ),
  ackRequested: messageError(
    'ACK_REQUESTED_INCONSISTENT_WITH_CONTRACT',
    'Inconsistent',
    'eb:AckRequested inconsistent with contract',
  ),
  ackRequestedActor: messageError('ACK_REQUESTED_ACTOR_INVALID', 'Inconsistent', 'eb:AckRequested actor invalid'),
  syncReply: messageError(
    'SYNCREPLY_INCONSISTENT_WITH_CONTRACT',
    'Inconsistent',
    'eb:SyncReply inconsistent with contract',
  ),
  certificate: messageError('CERTIFICATE_PARTY', 'SecurityFailure', 'The certificate is not that of the From party'),
  timeToLive: messageError('TIME_TO_LIVE_EXPIRED', 'TimeToLiveExpired', 'eb:TimeToLive has passed'),
  deliveryFailure: messageError('DELIVERY_FAILURE', 'DeliveryFailure', 'Message could not be delivered'),
  mime: messageError('MIME_PROBLEM', 'MimeProblem', 'A MIME part cannot be read'),
} as const satisfies Record<string, EbxmlError>;

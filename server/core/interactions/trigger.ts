/** A message that somebody wants to be sent now: what the admin API and the command line ask for. */

export interface TriggerAttachment {
  /** Content-Id; a new one where absent. */
  contentId?: string;
  contentType: string;
  /** The bytes: as text, or in base64, which is then their transfer encoding too. */
  text?: string;
  base64?: string;
  description?: string;
  /** Sent as a message of its own (COPC_IN000001UK01) that the first one names by `mid:`. */
  fragment?: boolean;
}

export interface Trigger {
  /** Receiver: party key or ASID. */
  to: string;
  /** Sender: party key or ASID; Spine where absent. */
  from?: string;
  /** In short, such as `gp2gp`, or in full. */
  service: string;
  interaction: string;
  /** The HL7 message whole; or, with the wrapper made, what is inside `subject`. */
  message?: string;
  subject?: string;
  /** Makes it an acknowledgement of the message with the HL7 id `messageRef`. */
  acknowledgement?: 'AA' | 'AE' | 'AR';
  messageRef?: string;
  conversationId?: string;
  refToMessageId?: string;
  messageId?: string;
  attachments?: TriggerAttachment[];
  /** ISO 8601 duration of simulated time. */
  after?: string;
}

/** What is wrong with a wish, in words for whoever wished. */
export class TriggerError extends Error {}

const text = (description: string) => ({ type: 'string', minLength: 1, description });

/** Stands in headers, of MIME parts too: without control characters and angle brackets. */
const word = (description: string) => ({ ...text(description), pattern: '^[^\\u0000-\\u001f\\u007f<>]+$' });

/** Most attachments of one message; more than a large record has. */
const MAX_ATTACHMENTS = 200;

export const TriggerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['to', 'service', 'interaction'],
  properties: {
    to: text('receiver: party key or ASID'),
    from: text('sender: party key or ASID; Spine where absent'),
    service: text('gp2gp, or urn:nhs:names:services:gp2gp'),
    interaction: { ...text('such as RCMR_IN030000UK06'), pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$' },
    message: text('the HL7 message whole'),
    subject: text('XML inside ControlActEvent/subject; the wrapper is made'),
    acknowledgement: { type: 'string', enum: ['AA', 'AE', 'AR'] },
    messageRef: text('HL7 id of the message that is acknowledged'),
    conversationId: word('a new one where absent'),
    refToMessageId: word('MessageId of the message that it answers'),
    messageId: word('a new one where absent'),
    after: text('ISO 8601 duration of simulated time until it is sent'),
    attachments: {
      type: 'array',
      maxItems: MAX_ATTACHMENTS,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['contentType'],
        properties: {
          contentId: word('a new one where absent'),
          contentType: word('such as text/plain'),
          text: { type: 'string', description: 'the content as text' },
          base64: { type: 'string', description: 'the content in base64, sent so' },
          description: text('text of the Description in the manifest'),
          fragment: { type: 'boolean', description: 'a COPC_IN000001UK01 of its own, named by mid:' },
        },
      },
    },
  },
};

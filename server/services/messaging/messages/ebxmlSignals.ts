/** The two signals that Spine answers ebXML messages with: Acknowledgment and MessageError (ebMS 2.0 6.3.2 and 4.2.3). */
import { formatZulu } from '../../../core/hl7/timestamp.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { attributes, type XmlFragment, xml } from '../../../core/xml/template.ts';
import { zoned } from '../ebxml/reliability.ts';
import type { EbxmlError } from '../errors.ts';

/** The only party type in the field; any is read. */
export const PARTY_TYPE = 'urn:nhs:names:partyType:ocs+serviceInstance';

/** Service of all signals (ebMS 2.0). */
export const SIGNAL_SERVICE = 'urn:oasis:names:tc:ebxml-msg:service';
const TO_PARTY = 'urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH';
const ERROR_CONTEXT = 'urn:oasis:names:tc:ebxml-msg:service:errors';

/** The doubled prefix is Spine's. */
export const signalAction = (action: 'Acknowledgment' | 'MessageError' | 'Pong') => `urn:${SIGNAL_SERVICE}/${action}`;

/** What is new in a signal. */
export interface SignalFields {
  /** A new UUID in upper case. */
  messageId: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** What a signal says of the message that it is about. */
export interface Original {
  from: string;
  to: string;
  cpaId: string;
  conversationId: string;
  messageId: string;
  /** eb:Timestamp as sent. */
  timestamp: string;
}

const party = (partyId: string) => xml`<eb:PartyId eb:type="${PARTY_TYPE}">${partyId}</eb:PartyId>`;

function messageHeader(message: Original, action: string, messageId: string, timestamp: string): XmlFragment {
  return xml`
    <eb:MessageHeader eb:version="2.0" soap:mustUnderstand="1">
      <eb:From>${party(message.to)}</eb:From>
      <eb:To>${party(message.from)}</eb:To>
      <eb:CPAId>${message.cpaId}</eb:CPAId>
      <eb:ConversationId>${message.conversationId}</eb:ConversationId>
      <eb:Service>${SIGNAL_SERVICE}</eb:Service>
      <eb:Action>${action}</eb:Action>
      <eb:MessageData>
        <eb:MessageId>${messageId}</eb:MessageId>
        <eb:Timestamp>${timestamp}</eb:Timestamp>
        <eb:RefToMessageId>${message.messageId}</eb:RefToMessageId>
      </eb:MessageData>
    </eb:MessageHeader>`;
}

function envelope(namespaces: Record<string, string>, header: XmlFragment): string {
  return xml`<soap:Envelope${attributes(namespaces)}><soap:Header>${header}</soap:Header><soap:Body/></soap:Envelope>`
    .text;
}

/**
 * Acknowledges a message in the name of the party it is to. The header's timestamp is that of the message received, as Spine
 * writes it; the time of the acknowledgement is inside Acknowledgment.
 */
export function writeAcknowledgment(message: Original, { messageId, now }: SignalFields, by = message.to): string {
  const namespaces = {
    'xmlns:xsi': NS.xsiAsSpineWritesIt,
    'xmlns:soap': NS.soap11,
    'xmlns:eb': NS.ebxml,
    'xmlns:hl7ebxml': NS.hl7ebxml,
    'xmlns:xlink': NS.xlink,
  };
  const header = messageHeader({ ...message, to: by }, 'Acknowledgment', messageId, zoned(message.timestamp));
  const acknowledgment = xml`
    <eb:Acknowledgment eb:version="2.0" soap:mustUnderstand="1" soap:actor="${TO_PARTY}">
      <eb:Timestamp>${formatZulu(now)}</eb:Timestamp>
      <eb:RefToMessageId>${message.messageId}</eb:RefToMessageId>
      <eb:From>${party(by)}</eb:From>
    </eb:Acknowledgment>`;
  return envelope(namespaces, xml`${header}${acknowledgment}`);
}

/** Refuses a message; clients read the attributes in the eb namespace, and the description must be there. */
export function writeMessageError(
  message: Original,
  { code, text, severity = 'Error' }: EbxmlError,
  { messageId, now }: SignalFields,
  by = message.to,
): string {
  const namespaces = { 'xmlns:soap': NS.soap11, 'xmlns:eb': NS.ebxml, 'xmlns:xsi': NS.xsi };
  const header = messageHeader({ ...message, to: by }, 'MessageError', messageId, formatZulu(now));
  const list = xml`
    <eb:ErrorList eb:version="2.0" soap:mustUnderstand="1" eb:highestSeverity="${severity}">
      <eb:Error eb:codeContext="${ERROR_CONTEXT}" eb:severity="${severity}" eb:errorCode="${code}">
        <eb:Description xml:lang="en-GB">${text}</eb:Description>
      </eb:Error>
    </eb:ErrorList>`;
  return envelope(namespaces, xml`${header}${list}`);
}

/** The answer to a Ping (ebMS 2.0 8). */
export function writePong(message: Original, { messageId, now }: SignalFields, by = message.to): string {
  const namespaces = { 'xmlns:soap': NS.soap11, 'xmlns:eb': NS.ebxml };
  return envelope(namespaces, messageHeader({ ...message, to: by }, 'Pong', messageId, formatZulu(now)));
}

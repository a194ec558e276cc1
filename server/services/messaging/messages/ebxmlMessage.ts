/** An ebXML message that Spine sends: the envelope and the HL7 message, in the form that was captured. */

import { SPINE_DECLARATION } from '../../../core/hl7/syncAnswer.ts';
import { formatZulu } from '../../../core/hl7/timestamp.ts';
import type { HeaderLine } from '../../../core/http/answer.ts';
import { buildMultipart, type OutgoingPart, SPINE_START, spinePart } from '../../../core/mime/build.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { attributes, type XmlFragment, xml } from '../../../core/xml/template.ts';
import { PARTY_TYPE } from './ebxmlSignals.ts';

/** ebMS 2.0 4.3.2: SyncReply is always for the next SOAP node. */
const NEXT_NODE = 'http://schemas.xmlsoap.org/soap/actor/next';

export interface EbxmlMessageFields {
  from: string;
  to: string;
  cpaId: string;
  conversationId: string;
  /** Full: `urn:nhs:names:services:psis`. */
  service: string;
  action: string;
  messageId: string;
  refToMessageId?: string | undefined;
  /** Milliseconds since 1970. */
  now: number;
  duplicateElimination: boolean;
  /** The actor whose acknowledgement is asked for; absent: none is. */
  ackRequested?: string | undefined;
  syncReply: boolean;
  /** The HL7 message as a document. */
  payload: string;
  attachments?: readonly Attachment[] | undefined;
  /** Other messages that belong to this one (RFC 2392 `mid:`). */
  references?: readonly { messageId: string; description: string }[] | undefined;
}

/** A further MIME part. */
export interface Attachment {
  contentId: string;
  contentType: string;
  /** As it goes on the wire. */
  body: Buffer | string;
  transferEncoding: string;
  description: string;
}

const party = (partyId: string) => xml`<eb:PartyId eb:type="${PARTY_TYPE}">${partyId}</eb:PartyId>`;

/** Content-Type and bytes. */
export function writeEbxmlMessage(fields: EbxmlMessageFields): { contentType: string; body: Buffer } {
  const { messageId, payload, attachments = [] } = fields;
  const parts: OutgoingPart[] = [
    spinePart(SPINE_START, 'text/xml', SPINE_DECLARATION + envelope(fields).text),
    spinePart(`${messageId}@spine.nhs.uk`, 'application/xml', payload),
    ...attachments.map(({ contentId, contentType, transferEncoding, body }) => ({
      headers: [
        ['Content-Id', `<${contentId}>`],
        ['Content-Type', contentType],
        ['Content-Transfer-Encoding', transferEncoding],
      ] as [string, string][],
      body,
    })),
  ];
  return buildMultipart(parts, { charset: 'UTF-8' });
}

function envelope(fields: EbxmlMessageFields): XmlFragment {
  const namespaces = {
    'xmlns:xsi': NS.xsiAsSpineWritesIt,
    'xmlns:soap': NS.soap11,
    'xmlns:eb': NS.ebxml,
    'xmlns:xlink': NS.xlink,
  };
  const { ackRequested, syncReply } = fields;
  return xml`
    <soap:Envelope${attributes(namespaces)}>
      <soap:Header>
        ${messageHeader(fields)}
        ${
          ackRequested &&
          xml`<eb:AckRequested eb:version="2.0" soap:mustUnderstand="1" soap:actor="${ackRequested}" eb:signed="false"/>`
        }
        ${syncReply && xml`<eb:SyncReply eb:version="2.0" soap:mustUnderstand="1" soap:actor="${NEXT_NODE}"/>`}
      </soap:Header>
      <soap:Body>${manifest(fields)}</soap:Body>
    </soap:Envelope>`;
}

function messageHeader(fields: EbxmlMessageFields): XmlFragment {
  const { refToMessageId } = fields;
  return xml`
    <eb:MessageHeader eb:version="2.0" soap:mustUnderstand="1">
      <eb:From>${party(fields.from)}</eb:From>
      <eb:To>${party(fields.to)}</eb:To>
      <eb:CPAId>${fields.cpaId}</eb:CPAId>
      <eb:ConversationId>${fields.conversationId}</eb:ConversationId>
      <eb:Service>${fields.service}</eb:Service>
      <eb:Action>${fields.action}</eb:Action>
      <eb:MessageData>
        <eb:MessageId>${fields.messageId}</eb:MessageId>
        <eb:Timestamp>${formatZulu(fields.now)}</eb:Timestamp>
        ${refToMessageId && xml`<eb:RefToMessageId>${refToMessageId}</eb:RefToMessageId>`}
      </eb:MessageData>
      ${fields.duplicateElimination && xml`<eb:DuplicateElimination/>`}
    </eb:MessageHeader>`;
}

/** Schema version is the last two digits of the action; the case of the description differs by pattern, as captured. */
function manifest({
  action,
  messageId,
  ackRequested,
  attachments = [],
  references = [],
}: EbxmlMessageFields): XmlFragment {
  const version = /\d\d$/.exec(action)?.[0] ?? '1';
  const described = (href: string, description: string) => xml`
    <eb:Reference xlink:href="${href}"><eb:Description xml:lang="en">${description}</eb:Description></eb:Reference>`;
  return xml`
    <eb:Manifest xmlns:hl7ebxml="${NS.hl7ebxml}" eb:version="2.0">
      <eb:Reference xlink:href="cid:${messageId}@spine.nhs.uk">
        <eb:Schema eb:location="urn:hl7-org:v3_${action}.xsd" eb:version="${version}"/>
        <eb:Description xml:lang="en">${ackRequested ? 'The HL7 payload' : 'The HL7 Payload'}</eb:Description>
        <hl7ebxml:Payload style="HL7" encoding="XML" version="3.0"/>
      </eb:Reference>
      ${attachments.map(({ contentId, description }) => described(`cid:${contentId}`, description))}
      ${references.map((reference) => described(`mid:${reference.messageId}`, reference.description))}
    </eb:Manifest>`;
}

/** The headers of a request by Spine, in the captured order; Content-Length follows. */
export function requestHeaders(host: string, soapAction: string, contentType: string): HeaderLine[] {
  return [
    ['User-Agent', 'Mozilla/5.0 (compatible; pycurl)'],
    ['Host', host],
    ['Accept-Encoding', 'none'],
    ['SOAPAction', soapAction],
    ['Accept', '*/*'],
    ['Connection', 'close'],
    ['Content-Type', contentType],
  ];
}

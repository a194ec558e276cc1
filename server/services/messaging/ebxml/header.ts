/** The SOAP envelope of an ebXML message (ebMS 2.0 3 and 6) as it was sent; nothing is judged here. */
import type { XmlElement } from '../../../core/xml/element.ts';
import { NS } from '../../../core/xml/namespaces.ts';

/** The fields of MessageHeader, one and only one of which must be there and not be empty. */
export const HEADER_FIELDS = {
  'From/PartyId': 'From/PartyId',
  'To/PartyId': 'To/PartyId',
  CPAId: 'CPAId',
  ConversationId: 'ConversationId',
  Service: 'Service',
  Action: 'Action',
  MessageId: 'MessageData/MessageId',
  Timestamp: 'MessageData/Timestamp',
} as const;

export type HeaderField = keyof typeof HEADER_FIELDS;

/** A header block beside MessageHeader, such as AckRequested. */
export interface Signal {
  version: string | undefined;
  actor: string | undefined;
  signed: string | undefined;
}

export interface EbxmlReference {
  href: string;
  element: XmlElement;
}

export interface EbxmlHeader {
  /** How many MessageHeader there are. */
  count: number;
  version: string | undefined;
  /** All values of each field, without the white space around them. */
  fields: Record<HeaderField, string[]>;
  messageDataCount: number;
  refToMessageId: string | undefined;
  timeToLive: string | undefined;
  duplicateElimination: boolean;
  ackRequested: Signal | undefined;
  syncReply: Signal | undefined;
  /** Acknowledgment/RefToMessageId of an acknowledgement; empty if it names none. */
  acknowledges: string | undefined;
  /** The errors of an ErrorList. */
  errors: { code: string; severity: string; description: string }[] | undefined;
  manifest: { version: string | undefined; references: EbxmlReference[] } | undefined;
}

export function readEbxmlHeader(header: XmlElement, body: XmlElement): EbxmlHeader {
  const messageHeaders = header.children('MessageHeader', NS.ebxml);
  const message = messageHeaders[0];
  const all = (path: string) => message?.descendAll(path, NS.ebxml).map((element) => element.text.trim()) ?? [];
  const fields = {} as Record<HeaderField, string[]>;
  for (const [field, path] of Object.entries(HEADER_FIELDS)) fields[field as HeaderField] = all(path);
  const acknowledgment = header.child('Acknowledgment', NS.ebxml);
  const manifest = body.child('Manifest', NS.ebxml);
  return {
    count: messageHeaders.length,
    version: message?.attr('version', NS.ebxml) ?? message?.attr('version'),
    fields,
    messageDataCount: message?.children('MessageData', NS.ebxml).length ?? 0,
    refToMessageId: all('MessageData/RefToMessageId')[0],
    timeToLive: all('MessageData/TimeToLive')[0],
    duplicateElimination: message?.child('DuplicateElimination', NS.ebxml) !== undefined,
    ackRequested: readSignal(header.child('AckRequested', NS.ebxml)),
    syncReply: readSignal(header.child('SyncReply', NS.ebxml)),
    acknowledges: acknowledgment && (acknowledgment.textAt('RefToMessageId', NS.ebxml) ?? ''),
    errors: readErrors(header.child('ErrorList', NS.ebxml)),
    manifest: manifest && {
      version: manifest.attr('version'),
      references: manifest
        .children('Reference', NS.ebxml)
        .map((element) => ({ href: element.attr('href') ?? '', element })),
    },
  };
}

/** Attributes are read whatever their prefix: senders write `eb:signed` and `signed`. */
function readSignal(element: XmlElement | undefined): Signal | undefined {
  return element && { version: element.attr('version'), actor: element.attr('actor'), signed: element.attr('signed') };
}

function readErrors(list: XmlElement | undefined): EbxmlHeader['errors'] {
  return list?.children('Error', NS.ebxml).map((error) => ({
    code: error.attr('errorCode') ?? '',
    severity: error.attr('severity') ?? '',
    description: error.textAt('Description') ?? '',
  }));
}

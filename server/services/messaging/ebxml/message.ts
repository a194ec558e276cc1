/** An ebXML message from bytes: MIME parts, envelope, header. */
import { parseContentType } from '../../../core/mime/contentType.ts';
import { MimeError } from '../../../core/mime/error.ts';
import { parseMultipart } from '../../../core/mime/parse.ts';
import type { MimePart } from '../../../core/mime/part.ts';
import { readEnvelope, SoapEnvelopeError } from '../../../core/soap/envelope.ts';
import { XmlError } from '../../../core/xml/error.ts';
import { parseXml } from '../../../core/xml/parse.ts';
import { FAULTS, type Refusal } from '../errors.ts';
import { CUT_OFF, looksMultipart } from '../messages/misread.ts';
import { type EbxmlHeader, readEbxmlHeader } from './header.ts';

/** What a message is read from. */
export interface EbxmlSource {
  contentType: string | undefined;
  body: Buffer;
}

export interface EbxmlMessage {
  /** The bytes of the envelope, without the MIME part that it may be in. */
  envelope: Buffer;
  header: EbxmlHeader;
  /** Every part but the envelope's. */
  attachments: MimePart[];
  /** False for a bare envelope: an acknowledgement or an error. */
  multipart: boolean;
  from: string;
  to: string;
  cpaId: string;
  conversationId: string;
  service: string;
  action: string;
  messageId: string;
  timestamp: string;
}

/** Reads the body; the fields are empty where the message has none, which the checks of the structure refuse. */
export function readEbxmlMessage({ contentType, body: bytes }: EbxmlSource): EbxmlMessage | Refusal {
  const { type } = parseContentType(contentType);
  const multipart = type.startsWith('multipart/');
  try {
    const { parts, root } = multipart ? parseMultipart(contentType, bytes) : { parts: [], root: undefined };
    const envelope = root?.content() ?? bytes;
    const { header, body } = readEnvelope(parseXml(envelope));
    const read = readEbxmlHeader(header!, body);
    const { fields } = read;
    return {
      envelope,
      header: read,
      attachments: parts.filter((part) => part !== root),
      multipart,
      from: fields['From/PartyId'][0] ?? '',
      to: fields['To/PartyId'][0] ?? '',
      cpaId: fields.CPAId[0] ?? '',
      conversationId: fields.ConversationId[0] ?? '',
      service: fields.Service[0] ?? '',
      action: fields.Action[0] ?? '',
      messageId: fields.MessageId[0] ?? '',
      timestamp: fields.Timestamp[0] ?? '',
    };
  } catch (error) {
    if (error instanceof SoapEnvelopeError) return malformed(error.location, error.message);
    if (error instanceof MimeError) {
      return malformed('MIME', error.message, error.code === 'missing-final-boundary' ? CUT_OFF : undefined);
    }
    if (error instanceof XmlError) {
      const detail = `${error.message} (line ${error.line}, column ${error.column})`;
      if (!multipart && looksMultipart(bytes)) {
        const wrong = `the body is multipart, its Content-Type is ${type || 'missing'}`;
        return malformed('Envelope', wrong, 'Send Content-Type: multipart/related with the boundary of the body.');
      }
      return malformed('Envelope', detail, error.code === 'truncated' ? CUT_OFF : undefined);
    }
    throw error;
  }
}

function malformed(
  location: string,
  detail: string,
  advice = `Send multipart/related with the ebXML envelope as its root part: ${detail}.`,
): Refusal {
  return { error: FAULTS.notWellFormed, detail, advice, location };
}

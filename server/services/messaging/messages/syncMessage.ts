/** A synchronous request from bytes to its header and wrapper. */

import { readSpineHeader, type SpineHeader } from '../../../core/hl7/spineHeader.ts';
import { readTransmission, type Transmission } from '../../../core/hl7/transmission.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { type Action, normaliseAction, splitAction } from '../../../core/soap/action.ts';
import { readEnvelope, type SoapEnvelope, SoapEnvelopeError } from '../../../core/soap/envelope.ts';
import { XmlError } from '../../../core/xml/error.ts';
import { parseXml } from '../../../core/xml/parse.ts';
import { FAULTS, type Refusal } from '../errors.ts';
import { CUT_OFF, looksMultipart } from './misread.ts';

export interface SyncMessage {
  /** The HTTP header, without quotes; clients leave it out. */
  soapAction: string | undefined;
  /** What the request is routed by: SOAPAction, else wsa:Action. */
  action: Action | undefined;
  header: SpineHeader;
  transmission: Transmission;
}

/** For an ebXML message that came to the synchronous service. */
const EBXML_ELSEWHERE =
  'Send an ebXML message to the path below /reliablemessaging that the directory lists for its interaction.';

/** Reads the body of a request whatever its Content-Type says, as the real service does. */
export function readSyncEnvelope(exchange: Pick<HttpExchange, 'body'>): SoapEnvelope | Refusal {
  try {
    const envelope = readEnvelope(parseXml(exchange.body));
    return envelope.payloads.length > 0 ? envelope : malformed('soapBodyCount', 'the SOAP body is empty');
  } catch (error) {
    if (error instanceof SoapEnvelopeError) return malformed(error.location, error.message);
    if (error instanceof XmlError) {
      const detail = `${error.message} (line ${error.line}, column ${error.column})`;
      if (looksMultipart(exchange.body)) return malformed('Envelope', 'the body is multipart', EBXML_ELSEWHERE);
      return malformed('Envelope', detail, error.code === 'truncated' ? CUT_OFF : undefined);
    }
    throw error;
  }
}

export function readSyncMessage(
  exchange: Pick<HttpExchange, 'header'>,
  { header, payloads }: SoapEnvelope,
): SyncMessage {
  const spineHeader = readSpineHeader(header);
  const soapAction = normaliseAction(exchange.header('SOAPAction'));
  const action = splitAction(soapAction) ?? splitAction(spineHeader.action);
  return { soapAction, action, header: spineHeader, transmission: readTransmission(payloads[0]!) };
}

function malformed(
  location: string,
  detail: string,
  advice = `Send a well-formed SOAP 1.1 message with one Header and one Body: ${detail}.`,
): Refusal {
  return { error: FAULTS.notWellFormed, detail, advice, location };
}

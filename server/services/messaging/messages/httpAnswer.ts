/** HTTP answers of messaging: the headers in the order and spelling that the front of Spine sends. */
import type { HeaderLine, HttpAnswer } from '../../../core/http/answer.ts';
import { utf8Bytes } from '../../../core/http/bytes.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { type SoapFault, TMS_CONTEXT_UNSUPPORTED, writeFault } from '../../../core/soap/fault.ts';
import type { FaultError, Refusal } from '../errors.ts';

/**
 * An answer with XML, or with nothing, as its body. Content-Type is exactly `text/xml`, since a client compares it by
 * equality. Spine closes the connection unless the client asks to keep it by name.
 */
export function spineAnswer(exchange: HttpExchange, status: number, xml: string, soapAction?: string): HttpAnswer {
  const body = utf8Bytes(xml);
  const keepAlive = exchange.header('connection')?.toLowerCase().includes('keep-alive');
  const headers: HeaderLine[] = [
    ['Server', 'nginx'],
    ['Date', exchange.space.clock.httpDate()],
    ['Content-Type', 'text/xml'],
    ['Content-Length', String(body.length)],
    ['Connection', keepAlive ? 'keep-alive' : 'close'],
  ];
  if (soapAction !== undefined) headers.push(['SOAPAction', soapAction]);
  return { status, headers, body };
}

/** A SOAP fault, noted in the journal as a refusal. */
export function faultAnswer(exchange: HttpExchange, refusal: Refusal & { error: FaultError }): HttpAnswer {
  const { error, detail, advice, location = error.location } = refusal;
  exchange.refuse(error.name, detail, advice);
  return spineAnswer(exchange, 500, writeFault(faultOf(error, location)));
}

function faultOf(error: FaultError, location: string): SoapFault {
  const { code: errorCode, text: description } = error;
  if (error.client) {
    const codeContext = TMS_CONTEXT_UNSUPPORTED;
    const errors = [{ codeContext, errorCode, location, description }];
    return { faultcode: 'SOAP:Client', faultstring: description, errors };
  }
  return {
    faultcode: 'SOAP:Server',
    faultstring: 'Application Exception',
    errors: [{ errorCode, location, description }],
  };
}

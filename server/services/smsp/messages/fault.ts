/** A technical error as the ITK describes it: a SOAP fault with ToolkitErrorInfo. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { HttpExchange } from '../../../core/http/httpExchange.ts';
import { type XmlFragment, xml } from '../../../core/xml/template.ts';
import { XML_DECLARATION } from './envelope.ts';

/** "Invalid message" of the toolkit's error codes, the only one that public examples show. */
const INVALID_MESSAGE = '1000';

const TEXTS = {
  Client: 'A client related error has occurred, see detail element for further information',
  Server: 'A server related error has occurred, see detail element for further information',
};

/** `diagnostic` tells the caller what is wrong with the message; it never carries internals. */
export function faultAnswer(
  exchange: HttpExchange,
  diagnostic: string,
  side: keyof typeof TEXTS = 'Client',
): HttpAnswer {
  const text = side === 'Client' ? 'Invalid message' : 'System failure';
  return written(xml`<faultcode>${side}</faultcode><faultstring>${TEXTS[side]}</faultstring><detail>
    <toolkit:ToolkitErrorInfo xmlns:toolkit="urn:nhs-itk:ns:201005">
    <toolkit:ErrorID>${exchange.space.ids.uuid()}</toolkit:ErrorID>
    <toolkit:ErrorCode codeSystem="2.16.840.1.113883.2.1.3.2.4.17.268">${INVALID_MESSAGE}</toolkit:ErrorCode>
    <toolkit:ErrorText>${text}</toolkit:ErrorText>
    <toolkit:ErrorDiagnosticText>${diagnostic}</toolkit:ErrorDiagnosticText>
    </toolkit:ToolkitErrorInfo></detail>`);
}

/** SOAP's own fault for a header block. It has no detail, which is for what is wrong with the body (SOAP 1.1 4.4). */
export const mustUnderstandFault = (diagnostic: string): HttpAnswer =>
  written(xml`<faultcode>soap:MustUnderstand</faultcode><faultstring>${diagnostic}</faultstring>`);

function written(fault: XmlFragment): HttpAnswer {
  const body = xml`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
    <soap:Fault>${fault}</soap:Fault></soap:Body></soap:Envelope>`;
  return {
    status: 500,
    headers: [
      ['Content-Type', 'text/xml'],
      ['Connection', 'close'],
    ],
    body: XML_DECLARATION + body,
  };
}

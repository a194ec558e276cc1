/** The SOAP fault of Spine's messaging, sent with HTTP 500 and `text/xml`. */
import { textElement, xml } from '../xml/template.ts';

/** One entry of the fault's list; a client's parser needs all five fields in this order, and an integer code. */
export interface NaspError {
  errorCode: number;
  location: string;
  description: string;
  /** `TMS_CONTEXT` if left out. */
  codeContext?: string;
  /** `Error` if left out. */
  severity?: string;
}

export interface SoapFault {
  faultcode: 'SOAP:Server' | 'SOAP:Client';
  faultstring: string;
  errors: readonly NaspError[];
}

/** Context of the codes that Spine itself was seen to send. */
export const TMS_CONTEXT = 'urn:nhs:names:error:tms';

/** The other spelling, seen with code 101 (interaction not supported) only. */
export const TMS_CONTEXT_UNSUPPORTED = 'urn:nhs:names:errors:tms';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The fault as a document: no Header, the literal prefixes `SOAP` and `nasp` that clients look for. */
export function writeFault({ faultcode, faultstring, errors }: SoapFault): string {
  const list = errors.map(
    ({ codeContext = TMS_CONTEXT, errorCode, severity = 'Error', location, description }) => xml`
      <nasp:error>
        <nasp:codeContext>${codeContext}</nasp:codeContext>
        <nasp:errorCode>${errorCode}</nasp:errorCode>
        <nasp:severity>${severity}</nasp:severity>
        ${textElement('nasp:location', location)}
        ${textElement('nasp:description', description)}
      </nasp:error>`,
  );
  const fault = xml`
    <SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault>
      <faultcode>${faultcode}</faultcode>
      <faultstring>${faultstring}</faultstring>
      <detail><nasp:errorList xmlns:nasp="http://national.carerecords.nhs.uk/schema/">${list}</nasp:errorList></detail>
    </SOAP:Fault></SOAP:Body></SOAP:Envelope>`;
  return DECLARATION + fault.text;
}

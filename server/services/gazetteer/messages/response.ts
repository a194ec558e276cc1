/** getAddressListResponse on the wire. */
import type { PostalAddress } from '../../../core/world/types.ts';
import { NS } from '../../../core/xml/namespaces.ts';
import { textElement, type XmlFragment, xml } from '../../../core/xml/template.ts';
import type { GazetteerError } from '../errors.ts';

/** Context of every error. */
const CODE_CONTEXT = 'urn:nhs:names:errors:gazetteer';

/** `messageId` is the answer's own. */
export function addressList(messageId: string, addresses: readonly PostalAddress[], total: number): string {
  const list = addresses.map(
    ({ key, lines: [address1, address2, address3], town, county, postcode, country }) => xml`<nasp:postalAddress>
      ${textElement('nasp:address1', address1 ?? '')}${textElement('nasp:address2', address2 ?? '')}
      ${textElement('nasp:address3', address3 ?? '')}${textElement('nasp:town', town)}
      ${textElement('nasp:county', county ?? '')}${textElement('nasp:postCode', postcode)}
      ${textElement('nasp:country', country)}${textElement('nasp:addressKey', key)}</nasp:postalAddress>`,
  );
  return envelope(
    messageId,
    undefined,
    xml`<nasp:addressList>${list}</nasp:addressList><nasp:totalmatches>${total}</nasp:totalmatches>`,
  );
}

export function errorList(messageId: string, { code, severity, text }: GazetteerError, location?: string): string {
  return envelope(
    messageId,
    xml`<nasp:errorList><nasp:error><nasp:codeContext>${CODE_CONTEXT}</nasp:codeContext>
      <nasp:errorCode>${code}</nasp:errorCode><nasp:severity>${severity}</nasp:severity>
      ${location === undefined ? null : textElement('nasp:location', location)}
      <nasp:description>${text}</nasp:description></nasp:error></nasp:errorList>`,
  );
}

function envelope(messageId: string, errors: XmlFragment | undefined, content?: XmlFragment): string {
  return xml`<SOAP-ENV:Envelope xmlns:SOAP-ENV="${NS.soap11}"><SOAP-ENV:Header/><SOAP-ENV:Body>
    <nasp:getAddressListResponse xmlns:nasp="${NS.nasp}"><nasp:messageHeader>
    <nasp:messageId>${messageId}</nasp:messageId><nasp:securityPackage xmlns:xsi="${NS.xsi}" xsi:nil="true"/>${errors}
    </nasp:messageHeader>${content}</nasp:getAddressListResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>`.text;
}

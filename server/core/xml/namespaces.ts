/** Namespace names of the protocols, spelt once. */
export const NS = {
  xml: 'http://www.w3.org/XML/1998/namespace',
  xmlns: 'http://www.w3.org/2000/xmlns/',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  /** As Spine itself writes it in ebXML messages: misspelt, and kept so. */
  xsiAsSpineWritesIt: 'http://www.w3c.org/2001/XML-Schema-Instance',
  xlink: 'http://www.w3.org/1999/xlink',

  soap11: 'http://schemas.xmlsoap.org/soap/envelope/',
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  /** The draft that birth notification (P1R1 style) messages use. */
  soap12Draft: 'http://www.w3.org/2001/12/soap-envelope',
  /** The draft of WS-Addressing that Spine's synchronous service uses. */
  wsa200408: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  wsa200508: 'http://www.w3.org/2005/08/addressing',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',

  hl7: 'urn:hl7-org:v3',
  ebxml: 'http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd',
  hl7ebxml: 'urn:hl7-org:transport/ebXML/DSTUv1.0',
  /** The other spelling in the field; both must be read. */
  hl7ebxmlLowerCase: 'urn:hl7-org:transport/ebxml/DSTUv1.0',

  nasp: 'http://national.carerecords.nhs.uk/schema/',
  crs: 'http://national.carerecords.nhs.uk/schema/crs/',
  psis: 'urn:npfit:psisqr',
  spineService: 'http://spine.nhs.uk/spine-servicev1.0',
  itk: 'urn:nhs-itk:ns:201005',

  saml11: 'urn:oasis:names:tc:SAML:1.0:assertion',
  samlp11: 'urn:oasis:names:tc:SAML:1.0:protocol',
  dsig: 'http://www.w3.org/2000/09/xmldsig#',
  exclusiveC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const;

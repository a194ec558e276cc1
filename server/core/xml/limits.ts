/** How much of a document is read before it is refused. */
export interface XmlLimits {
  /** Bytes of the document (characters, if it is given as text). */
  maxBytes: number;
  /** Elements inside one another. */
  maxDepth: number;
  /** Elements in the whole document. */
  maxElements: number;
  /** Attributes of one element, namespace declarations included. */
  maxAttributes: number;
  /** Characters of one element's or attribute's text in one piece. */
  maxTextLength: number;
  /** Characters of an element or attribute name, prefix included. */
  maxNameLength: number;
}

export const DEFAULT_XML_LIMITS: XmlLimits = {
  // The ceiling of message handlers in the field is 5 MiB a message (5,242,880 and 4,999,600 bytes are seen).
  maxBytes: 5 * 1024 * 1024,
  // libxml2's own limit, so what is accepted here its users accept too. Deep trees are the way to exhaust a stack.
  maxDepth: 256,
  // A full 5 MiB of HL7 at its usual 40 bytes an element is 130,000; each costs about 250 bytes of memory here.
  maxElements: 200_000,
  // The busiest element of the known messages has about 20.
  maxAttributes: 256,
  // One base64 attachment may be nearly the whole message.
  maxTextLength: 5 * 1024 * 1024,
  // The longest names in use (COCT_MT000201UK02.PartOfWhole with a prefix) stay under 100.
  maxNameLength: 1024,
};

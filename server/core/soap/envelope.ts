/** The envelope of a SOAP message: one Envelope, one Header, one Body. */
import type { XmlElement } from '../xml/element.ts';
import { NS } from '../xml/namespaces.ts';

/** Which count is wrong, in the words of Spine's own validation (the location of its well-formedness error). */
export type EnvelopeLocation = 'soapEnvelopeCount' | 'soapHeaderCount' | 'soapBodyCount';

/** A document that is XML but not a SOAP message. */
export class SoapEnvelopeError extends Error {
  readonly location: EnvelopeLocation;

  constructor(location: EnvelopeLocation, message: string) {
    super(message);
    this.name = 'SoapEnvelopeError';
    this.location = location;
  }
}

export interface SoapEnvelope {
  /** The SOAP namespace of the envelope: 1.1, 1.2, or the draft of birth notifications. */
  ns: string;
  /** Undefined only where the header is optional. */
  header: XmlElement | undefined;
  body: XmlElement;
  /** The elements inside the body. */
  payloads: XmlElement[];
}

const SOAP_NAMESPACES: readonly string[] = [NS.soap11, NS.soap12, NS.soap12Draft];

/** Reads the envelope. SOAP 1.1 4.2 lets a message go without header, Spine's messaging does not. Throws `SoapEnvelopeError`. */
export function readEnvelope(root: XmlElement, options: { headerOptional?: boolean } = {}): SoapEnvelope {
  const { ns } = root;
  if (root.local !== 'Envelope' || !SOAP_NAMESPACES.includes(ns)) {
    throw new SoapEnvelopeError('soapEnvelopeCount', `the root element is ${root.name}, not a SOAP Envelope`);
  }
  const headers = root.children('Header', ns);
  if (headers.length > 1 || (headers.length === 0 && !options.headerOptional)) {
    throw new SoapEnvelopeError('soapHeaderCount', `${headers.length} SOAP headers`);
  }
  const bodies = root.children('Body', ns);
  const body = bodies[0];
  if (!body || bodies.length > 1) throw new SoapEnvelopeError('soapBodyCount', `${bodies.length} SOAP bodies`);
  return { ns, header: headers[0], body, payloads: body.children() };
}

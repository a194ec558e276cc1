/** The parts of a `SignedData` (RFC 5652 5.1), as far as a login needs them. */
import { type BerElement, childrenOf, octetsOf, readElement, TAG } from './ber.ts';
import { CmsError } from './error.ts';
import { OID } from './oids.ts';

/** A message with a card certificate and two authorities is 5 KB; nothing a card sends is larger than this. */
const MAX_MESSAGE_BYTES = 64 * 1024;

/** The signer as the message names it. */
export type SignerId = { issuer: Buffer; serial: Buffer } | { subjectKeyIdentifier: Buffer };

export interface SignedAttributes {
  /** What the signature covers: the attributes as a SET (RFC 5652 5.4). */
  signed: Buffer;
  /** Values by object identifier (hexadecimal); every attribute once. */
  values: Map<string, BerElement[]>;
}

export interface SignedData {
  contentType: string;
  /** Undefined when the content is detached. */
  content: Buffer | undefined;
  /** DER of each certificate. */
  certificates: Buffer[];
  signer: {
    id: SignerId;
    digestAlgorithm: string;
    attributes: SignedAttributes | undefined;
    signatureAlgorithm: string;
    signature: Buffer;
  };
}

const refuse = (message: string): never => {
  throw new CmsError('structure', message);
};

/** Takes the parts of a SEQUENCE or SET one after the other. */
class Parts {
  readonly #parts: BerElement[];
  readonly #of: string;
  #at = 0;

  constructor(parent: BerElement, of: string) {
    this.#parts = childrenOf(parent);
    this.#of = of;
  }

  take(tag: number, what: string): BerElement {
    return this.optional(tag) ?? refuse(`the ${this.#of} has no ${what}`);
  }

  optional(...tags: number[]): BerElement | undefined {
    const part = this.#parts[this.#at];
    if (part === undefined || !tags.includes(part.tag)) return undefined;
    this.#at++;
    return part;
  }
}

/** Reads a message. Throws CmsError `encoding` or `structure`. */
export function readSignedData(message: Buffer): SignedData {
  if (message.length > MAX_MESSAGE_BYTES) refuse(`the message is longer than ${MAX_MESSAGE_BYTES} bytes`);
  const outer = readElement(message);
  if (outer.tag !== TAG.sequence) refuse('the message is not a ContentInfo');
  const info = new Parts(outer, 'message');
  const type = info.take(TAG.oid, 'content type');
  if (type.content.toString('hex') !== OID.signedData) refuse('the message is not SignedData');
  const [signedData] = childrenOf(info.take(TAG.context(0), 'content'));
  if (signedData?.tag !== TAG.sequence) refuse('the message is not SignedData');
  return readParts(new Parts(signedData!, 'SignedData'));
}

function readParts(parts: Parts): SignedData {
  parts.take(TAG.integer, 'version');
  parts.take(TAG.set, 'digest algorithms');
  const encapsulated = new Parts(parts.take(TAG.sequence, 'content'), 'content');
  const contentType = encapsulated.take(TAG.oid, 'type').content.toString('hex');
  const wrapped = encapsulated.optional(TAG.context(0));
  const certificates = parts.optional(TAG.context(0));
  parts.optional(TAG.context(1));
  const signers = childrenOf(parts.take(TAG.set, 'signers'));
  if (signers.length !== 1) refuse(`the message has ${signers.length} signers; a card is one`);
  return {
    contentType,
    content: wrapped && contentOf(wrapped),
    certificates: certificates
      ? childrenOf(certificates)
          .filter(({ tag }) => tag === TAG.sequence)
          .map(({ whole }) => whole)
      : [],
    signer: readSigner(new Parts(signers[0]!, 'signer')),
  };
}

function contentOf(wrapped: BerElement): Buffer {
  const [content, ...more] = childrenOf(wrapped);
  if (content === undefined || more.length > 0) return refuse('the content is not one OCTET STRING');
  if ((content.tag & 0xdf) !== TAG.octetString) refuse('the content is not an OCTET STRING');
  return octetsOf(content);
}

function readSigner(parts: Parts): SignedData['signer'] {
  parts.take(TAG.integer, 'version');
  const id = signerId(parts);
  const digestAlgorithm = algorithmOf(parts.take(TAG.sequence, 'digest algorithm'));
  const attributes = parts.optional(TAG.context(0));
  const signatureAlgorithm = algorithmOf(parts.take(TAG.sequence, 'signature algorithm'));
  const signature = parts.optional(TAG.octetString, TAG.octetString | 0x20) ?? refuse('the signer has no signature');
  return {
    id,
    digestAlgorithm,
    attributes: attributes && readAttributes(attributes),
    signatureAlgorithm,
    signature: octetsOf(signature),
  };
}

function signerId(parts: Parts): SignerId {
  const key = parts.optional(TAG.contextBytes(0), TAG.context(0));
  if (key) return { subjectKeyIdentifier: octetsOf(key) };
  const name = new Parts(parts.take(TAG.sequence, 'identifier'), 'signer identifier');
  return { issuer: name.take(TAG.sequence, 'issuer').whole, serial: name.take(TAG.integer, 'serial number').content };
}

function algorithmOf(element: BerElement): string {
  return new Parts(element, 'algorithm').take(TAG.oid, 'identifier').content.toString('hex');
}

function readAttributes(element: BerElement): SignedAttributes {
  const values = new Map<string, BerElement[]>();
  for (const attribute of childrenOf(element)) {
    const parts = new Parts(attribute, 'signed attribute');
    const type = parts.take(TAG.oid, 'type').content.toString('hex');
    if (values.has(type)) refuse('a signed attribute is there twice');
    values.set(type, childrenOf(parts.take(TAG.set, 'values')));
  }
  return { signed: asSet(element.content), values };
}

/** The attributes are sent as `[0] IMPLICIT`, but signed under the tag of a SET, with a definite length. */
function asSet(content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(TAG.set, length), content]);
  const size = length < 0x100 ? 1 : 2;
  const header = Buffer.alloc(2 + size);
  header[0] = TAG.set;
  header[1] = 0x80 | size;
  header.writeUIntBE(length, 2, size);
  return Buffer.concat([header, content]);
}

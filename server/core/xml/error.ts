/** Why a document was refused. Declared once: the protocol boundary maps the code to its own error. */
export type XmlErrorCode =
  /** No bytes, or white space only. */
  | 'empty'
  /** Bytes that are not in the encoding the document or the transport says, or an encoding that is not supported. */
  | 'encoding'
  /** A document type declaration of any kind. */
  | 'doctype'
  /** An entity other than the five of XML 1.0 4.6. */
  | 'entity'
  /** A character, or a reference to one, that XML 1.0 2.2 does not allow. */
  | 'character'
  /** A prefix without a declaration. */
  | 'prefix'
  | 'duplicate-attribute'
  /** A second root, or text beside the root. */
  | 'outside-root'
  /** The document ends inside a construct. */
  | 'truncated'
  /** Any other violation of the grammar. */
  | 'not-well-formed'
  /** More than a limit of `limits.ts` allows. */
  | 'too-large'
  | 'too-deep'
  | 'too-many-elements'
  | 'too-many-attributes'
  | 'text-too-long'
  | 'name-too-long';

/** A parser's words may quote the document; that much of them is kept. */
const LONGEST_MESSAGE = 200;

/** A document that was refused: where (both counted from 1) and why, in one short sentence. */
export class XmlError extends Error {
  readonly code: XmlErrorCode;
  readonly line: number;
  readonly column: number;

  constructor(code: XmlErrorCode, message: string, line = 1, column = 1) {
    super(message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}...` : message);
    this.name = 'XmlError';
    this.code = code;
    this.line = line;
    this.column = column;
  }
}

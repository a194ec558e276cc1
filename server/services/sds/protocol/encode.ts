/** Answers to octets (RFC 4511 4.1.9 and the response of each operation). Entries are encoded by the directory. */

import { contextConstructed, contextPrimitive, Tag } from '../ber/tag.ts';
import { BerWriter } from '../ber/writer.ts';
import { type AnsweredKind, type Control, ResponseTag } from './message.ts';
import type { LdapResult } from './result.ts';
import { ResultCode } from './resultCode.ts';

/** RFC 4511 4.4.1. */
export const NOTICE_OF_DISCONNECTION = '1.3.6.1.4.1.1466.20036';

export interface ExtendedFields {
  oid?: string;
  value?: Uint8Array;
}

/** Writes the message that ends an operation. */
export function encodeResult(
  writer: BerWriter,
  messageId: number,
  kind: AnsweredKind,
  result: LdapResult,
  controls: Control[] = [],
  extended: ExtendedFields = {},
): void {
  const message = writer.begin(Tag.Sequence);
  writer.integer(messageId);
  const response = writer.begin(ResponseTag[kind]);
  writer.enumerated(result.code);
  writer.string(result.matchedDn);
  writer.string(result.message);
  if (extended.oid !== undefined) writer.string(extended.oid, contextPrimitive(10));
  if (extended.value !== undefined) writer.octets(extended.value, contextPrimitive(11));
  writer.end(response);
  if (controls.length > 0) encodeControls(writer, controls);
  writer.end(message);
}

function encodeControls(writer: BerWriter, controls: Control[]): void {
  const list = writer.begin(contextConstructed(0));
  for (const control of controls) {
    const item = writer.begin(Tag.Sequence);
    writer.string(control.oid);
    if (control.critical) writer.boolean(true);
    if (control.value) writer.octets(control.value);
    writer.end(item);
  }
  writer.end(list);
}

/** The unsolicited notification that the server is about to close the session. */
export function noticeOfDisconnection(message: string, code: number = ResultCode.protocolError): Buffer {
  const writer = new BerWriter();
  encodeResult(writer, 0, 'extended', { code, message, matchedDn: '' }, [], { oid: NOTICE_OF_DISCONNECTION });
  return writer.take();
}

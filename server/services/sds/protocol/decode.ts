/** Octets of one LDAPMessage to a request (RFC 4511 4.1.1). */
import { BerError } from '../ber/error.ts';
import { BerReader } from '../ber/reader.ts';
import { contextConstructed, Tag } from '../ber/tag.ts';
import { decodeRequest } from './decodeRequest.ts';
import type { Control, LdapMessage } from './message.ts';

const CONTROLS = contextConstructed(0);

/** No client sends more than three; each unknown one is looked at. */
const MAX_CONTROLS = 32;

/**
 * Decodes a complete message, as the framer cuts it.
 * Throws a BerError where the session has to end with a notice of disconnection: a message id that cannot be read or is
 * not allowed, an unknown operation, structures or lengths that are wrong (RFC 4511 4.1.1).
 */
export function decodeMessage(bytes: Buffer): LdapMessage {
  const reader = new BerReader(bytes);
  const end = reader.enter(Tag.Sequence);
  const id = reader.integer();
  // Zero is kept for unsolicited notifications (RFC 4511 4.1.1.1).
  if (id <= 0) throw new BerError(`message id ${id}`);
  const request = decodeRequest(reader);
  const controls = reader.peek() === CONTROLS ? decodeControls(reader) : [];
  // LDAPMessage is extensible: what a later version appends is passed over (RFC 4511 4).
  reader.leave(end, true);
  return { id, request, controls };
}

function decodeControls(reader: BerReader): Control[] {
  const controls: Control[] = [];
  const outer = reader.enter(CONTROLS);
  while (!reader.atEnd) {
    if (controls.length === MAX_CONTROLS) throw new BerError(`more than ${MAX_CONTROLS} controls`);
    const inner = reader.enter(Tag.Sequence);
    const control: Control = { oid: reader.string(), critical: false };
    if (reader.peek() === Tag.Boolean) control.critical = reader.boolean();
    if (reader.peek() === Tag.OctetString) control.value = Buffer.from(reader.octets());
    reader.leave(inner);
    controls.push(control);
  }
  reader.leave(outer);
  return controls;
}

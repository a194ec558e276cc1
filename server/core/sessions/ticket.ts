/**
 * The SSO ticket: 62 characters, 48 of base64, `@`, the server that made it, `#`.
 * The shape is that of the identity server product which client libraries come from: they take it apart.
 */
import type { Ids } from '../ids/ids.ts';

export const TICKET_LENGTH = 62;

/** The first bytes of every ticket seen; they encode as `AQIC5wM2LY4Sfc...`. */
const PREFIX = Buffer.from('010202e703362d8e127dcc', 'hex');

/** With the prefix 35 bytes, which is 48 characters. */
const RANDOM_BYTES = 24;

const TICKET = /^AQIC5wM2LY4Sfc[A-Za-z0-9+/]{33}=@([A-Za-z0-9+/]{11}=)#$/;

/** Two texts, each with its length before it: the key `SI` (server id) and the two digits. */
function serverExtension(serverId: string): string {
  const text = (value: string) => Buffer.concat([Buffer.of(0, value.length), Buffer.from(value, 'latin1')]);
  return Buffer.concat([text('SI'), text(serverId)]).toString('base64');
}

/** A new ticket of the server with these two digits. */
export function newTicket(ids: Ids, serverId: string): string {
  const body = Buffer.concat([PREFIX, ids.bytes(RANDOM_BYTES)]).toString('base64');
  return `${body}@${serverExtension(serverId)}#`;
}

/** True for a text of the shape of a ticket. */
export function isTicket(text: string): boolean {
  return TICKET.test(text);
}

/**
 * The two digits of the server that a ticket names between its last `@` and `#`, or undefined. Client libraries find the
 * session service by it, so any ticket from which it can be read is answered, whatever stands before.
 */
export function serverOf(ticket: string): string | undefined {
  const match = /@([^@#]*)#[^@#]*$/.exec(ticket);
  if (!match) return undefined;
  const bytes = Buffer.from(match[1]!, 'base64');
  const found = /^\0\x02SI\0\x02(\d\d)/.exec(bytes.toString('latin1'));
  return found?.[1];
}

/**
 * A ticket as a client meant it: white space around it is dropped, and the cookie form of the product, known by its `*`,
 * is turned back (`- _ . * *` for `+ / = @ #`). `lenient` also takes a blank for the `+` that it was before a client forgot to
 * percent-encode it.
 */
export function readTicket(text: string, lenient = false): string {
  let ticket = text.trim();
  if (lenient) ticket = ticket.replaceAll(' ', '+');
  if (!ticket.includes('*')) return ticket;
  return ticket.replaceAll('-', '+').replaceAll('_', '/').replaceAll('.', '=').replace('*', '@').replaceAll('*', '#');
}

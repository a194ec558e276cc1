/** What the ITK asks of a SOAP header: WS-Addressing, and WS-Security with a time stamp and a user name (no password). */
import { formatZulu } from '../../core/hl7/timestamp.ts';
import { readAddressing } from '../../core/soap/addressing.ts';
import type { XmlElement } from '../../core/xml/element.ts';
import { NS } from '../../core/xml/namespaces.ts';
import { SERVICE_PREFIX } from './messages/envelope.ts';

/** How far a client's clock may be ahead: the usual tolerance of WS-Security toolkits. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** What is wrong with the header, in one sentence; `service` is the one of the distribution envelope, without prefix. */
export function findHeaderFault(header: XmlElement | undefined, service: string, now: number): string | undefined {
  const { messageId, action, to, counts } = readAddressing(header);
  if (counts.messageId !== 1 || !messageId) return 'the header has not one wsa:MessageID';
  if (counts.action !== 1) return 'the header has not one wsa:Action';
  if (action !== SERVICE_PREFIX + service) return `wsa:Action is ${action}, the service ${SERVICE_PREFIX}${service}`;
  if (counts.to !== 1 || !to) return 'the header has not one wsa:To';
  return findSecurityFault(header?.child('Security', NS.wsse), now);
}

function findSecurityFault(security: XmlElement | undefined, now: number): string | undefined {
  if (!security) return 'the header has no wsse:Security';
  const stamps = security.children('Timestamp', NS.wsu);
  if (stamps.length !== 1) return `wsse:Security has ${stamps.length} wsu:Timestamp`;
  const created = timeAt(stamps[0]!, 'Created');
  const expires = timeAt(stamps[0]!, 'Expires');
  if (typeof created === 'string') return created;
  if (typeof expires === 'string') return expires;
  if (expires <= created) return 'the time stamp expires before it was created';
  if (created > now + CLOCK_SKEW_MS) return `the time stamp was created in the future: it is ${formatZulu(now)} here`;
  if (expires <= now - CLOCK_SKEW_MS) return `the time stamp has expired: it is ${formatZulu(now)} here`;
  const user = security.child('UsernameToken', NS.wsse)?.textAt('Username', NS.wsse);
  return user ? undefined : 'wsse:UsernameToken has no Username';
}

/** A time of XML Schema: what no zone stands behind is UTC, as WS-Security has it. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** Milliseconds since 1970, or what is wrong with it. */
function timeAt(stamp: XmlElement, name: string): number | string {
  const text = stamp.textAt(name, NS.wsu)?.trim();
  if (!text) return `the time stamp has no wsu:${name}`;
  const zone = TIME.exec(text)?.[1];
  const time = TIME.test(text) ? Date.parse(zone === undefined ? `${text}Z` : text) : Number.NaN;
  return Number.isNaN(time) ? `wsu:${name} is no time: ${text.slice(0, 40)}` : time;
}

/** Whether two exchanges are alike in what no field says. */
import { hash } from 'node:crypto';
import type { Body, JournalEntry } from '../journal/entry.ts';

/** What an LDAP operation looks for. */
export const search = ({ ldap }: JournalEntry): string | undefined =>
  ldap && [ldap.base, ldap.scope, ldap.filter].join(' ');

/** Where two bodies differ, in words; undefined when they are the same, as far as the journal kept them. */
export function firstDifference(a: Body | undefined, b: Body | undefined): string | undefined {
  const [lengthA, lengthB] = [a?.bytes ?? 0, b?.bytes ?? 0];
  const [left, right] = [a?.content ?? Buffer.alloc(0), b?.content ?? Buffer.alloc(0)];
  const shared = Math.min(left.length, right.length);
  let at = 0;
  while (at < shared && left[at] === right[at]) at++;
  if (at === shared && lengthA === lengthB) return undefined;
  return `${lengthB} bytes in place of ${lengthA}, other from byte ${at + 1} on`;
}

/** How far every body of the entries was kept: less than all when some were cut. */
export function keptOfAll(entries: readonly JournalEntry[]): number {
  const cut = entries.flatMap(({ request: { body } }) => (body && body.content.length < body.bytes ? body : []));
  return cut.reduce((least, { content }) => Math.min(least, content.length), Number.POSITIVE_INFINITY);
}

/** The same for bodies without a difference, so far as `kept`. */
export const bodyKey = (body: Body | undefined, kept: number): string =>
  `${body?.bytes ?? 0} ${hash('sha256', (body?.content ?? Buffer.alloc(0)).subarray(0, kept))}`;

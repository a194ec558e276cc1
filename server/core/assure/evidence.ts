/** An exchange as a report keeps it: all that a judgement rests on, without secrets and without bodies. */
import { hash } from 'node:crypto';
import type { Body, JournalEntry } from '../journal/entry.ts';

export interface Evidence {
  /** What it was taken for. */
  what: string;
  /** seen: as it was expected; banned: as it must not be; near: it nearly was what is missing. */
  kind: 'seen' | 'banned' | 'near';
  /** What it lacks, of what is near. */
  lacks?: string[];
  id: string;
  at: string;
  protocol: string;
  service: string;
  operation?: string | undefined;
  interaction?: string | undefined;
  /** The request line, the search, or the handshake. */
  asked: string;
  /** Status or result. */
  answered: string;
  outcome: string;
  error?: { code: string; message: string } | undefined;
  advice?: string | undefined;
  rule?: string | undefined;
  fault?: string | undefined;
  identity: Record<string, string>;
  tls?: string | undefined;
  steps: string[];
  /** Length and SHA-256 of the body of the request, as far as the journal kept it. */
  body?: { bytes: number; sha256: string; truncated?: true } | undefined;
}

/** `entry` is masked already. */
export function evidenceOf(entry: JournalEntry, what: string, kind: Evidence['kind'], lacks?: string[]): Evidence {
  const { id, at, protocol, service, operation, interaction, outcome, error, advice, rule, fault, steps } = entry;
  return {
    what,
    kind,
    ...(lacks && { lacks }),
    ...{ id, at, protocol, service, operation, interaction },
    asked: askedOf(entry),
    answered: String(entry.status ?? entry.ldap?.resultCode ?? entry.tls?.alertSent ?? ''),
    ...{ outcome, error, advice, rule, fault },
    identity: { ...entry.identity } as Record<string, string>,
    tls: tlsOf(entry),
    steps: steps.map(({ name, outcome: ended, detail }) => `${ended} ${name}${detail ? `: ${detail}` : ''}`),
    body: bodyOf(entry.request.body),
  };
}

function askedOf({ protocol, method, host = '', path, ldap, tls }: JournalEntry): string {
  if (protocol === 'tls') return `handshake with ${tls?.sni ?? host}`;
  if (ldap) return [ldap.bindDn, ldap.base && `"${ldap.base}"`, ldap.scope, ldap.filter].filter(Boolean).join(' ');
  return [method, `${host}${path ?? ''}`].filter(Boolean).join(' ');
}

function tlsOf({ tls }: JournalEntry): string | undefined {
  if (!tls) return undefined;
  const { profile, protocol, offeredVersions, alertSent, alertReceived } = tls;
  const told = [
    profile && `profile ${profile}`,
    protocol,
    offeredVersions?.length ? `offered ${offeredVersions.join(', ')}` : undefined,
    alertSent && `alert sent ${alertSent}`,
    alertReceived && `alert received ${alertReceived}`,
  ];
  return told.filter(Boolean).join(', ');
}

function bodyOf(body: Body | undefined): Evidence['body'] {
  if (!body || body.bytes === 0) return undefined;
  const { bytes, content } = body;
  return { bytes, sha256: hash('sha256', content), ...(bytes > content.length && { truncated: true }) };
}

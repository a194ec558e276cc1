/** Handshakes that did not come about, in the journal: what the client offered, the alert, and what to fix. */
import { findHost, nearestHost } from '../config/hosts.ts';
import { Exchange, type ExchangeContext } from '../core/exchange/exchange.ts';
import { cipherSuiteName } from '../core/tls/cipherSuites.ts';
import type { AbandonedConnection, HandshakeRefusal, RefusalReason } from '../core/tls/refusal.ts';

/** A port probe says nothing about a client; noting each would fill the journal with health checks. */
const SILENT: ReadonlySet<RefusalReason> = new Set(['no-hello', 'shutting-down']);

function open(context: ExchangeContext, listener: string, sni: string | undefined, peer: string): Exchange {
  const label = findHost(sni)?.spaceLabel;
  const spaces = context.spaces;
  const known = label !== undefined && spaces.has(label);
  const exchange = new Exchange(context, {
    protocol: 'tls',
    direction: 'inbound',
    service: listener,
    resolved: known ? { space: spaces.get(label), reason: 'host' } : { space: spaces.default, reason: 'default' },
    peer,
    host: sni,
  });
  exchange.operation('handshake');
  return exchange;
}

/** What is wrong with a name that no host has: its certificate can't have it either. */
function unknownName(exchange: Exchange, sni: string | undefined): string | undefined {
  if (sni === undefined || findHost(sni)) return undefined;
  const guess = nearestHost(sni);
  if (guess !== undefined) exchange.nearMiss({ kind: 'host', candidate: guess, reason: `is the nearest to ${sni}` });
  return `${sni} is no host name of the environment, so the certificate is not for it: use one that \`spine-sim hosts\` lists.`;
}

/** `listener` is the name of the port: `https` or `ldaps`. */
export function journalRefusal(context: ExchangeContext, listener: string, refusal: HandshakeRefusal): void {
  if (SILENT.has(refusal.reason)) return;
  const exchange = open(context, listener, refusal.sni, `${refusal.peer.address}:${refusal.peer.port}`);
  exchange.entry.tls = {
    sni: refusal.sni,
    profile: refusal.profile,
    offeredVersions: refusal.hello?.offeredVersions,
    offeredCiphers: refusal.hello?.cipherSuites.map(cipherSuiteName),
    alertSent: refusal.alertSent?.name,
    alertReceived: refusal.alertReceived?.name,
  };
  if (refusal.detail) exchange.step('handshake', 'failed', refusal.detail);
  const misnamed = unknownName(exchange, refusal.sni);
  const advice = refusal.reason === 'server-certificate-rejected' ? (misnamed ?? refusal.advice) : refusal.advice;
  exchange.refuse(refusal.reason, `the TLS handshake was refused: ${refusal.reason}`, advice);
  exchange.close();
}

/** A probe completes the handshake and asks nothing; what looks like a refusal of our certificate is told as one. */
export function journalAbandoned(context: ExchangeContext, listener: string, abandoned: AbandonedConnection): void {
  const { facts, suspicion, advice } = abandoned;
  const { peer } = facts;
  const exchange = open(context, listener, facts.sni, `${peer.address}:${peer.port}`);
  exchange.entry.tls = { sni: facts.sni, profile: facts.profile, protocol: facts.protocol, cipher: facts.cipher };
  exchange.step('handshake', 'ok', `${facts.protocol}, ${facts.cipher}`);
  exchange.step('request', 'info', 'the client closed without asking anything');
  if (suspicion === undefined) exchange.entry.advice = advice;
  else exchange.refuse('abandoned', `the client closed the connection right after the handshake: ${suspicion}`, advice);
  exchange.close();
}

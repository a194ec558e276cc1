/** Operations as exchanges: each has its space, its journal entry, and hints where it found nothing. */
import { Exchange, type ExchangeContext } from '../../core/exchange/exchange.ts';
import type { NearMiss } from '../../core/journal/entry.ts';
import type { Space } from '../../core/space/space.ts';
import type { ResolvedSpace } from '../../core/space/spaces.ts';
import { explainNothing } from './hints/explain.ts';
import { explainFound } from './hints/found.ts';
import { adviceOnRefusal } from './hints/refusal.ts';
import type { LdapHooks, OperationEnd, OperationHandle } from './hooks.ts';
import { printFilter } from './protocol/filterText.ts';
import type { Request } from './protocol/message.ts';
import { isSuccess, resultName } from './protocol/resultCode.ts';
import { ruleFactsOf, rulingOf } from './rules.ts';
import type { ConnectionFacts, Session } from './session.ts';
import type { SpaceDirectory } from './spaceDirectory.ts';

const SCOPES = ['base', 'one', 'sub', 'subordinate'];

/** Octets of what was no LDAP that the journal keeps: enough to see what it was. */
const KEPT_OCTETS = 256;

export class JournalledHooks implements LdapHooks {
  #context: ExchangeContext;
  #directoryOf: (space: Space) => SpaceDirectory;

  constructor(context: ExchangeContext, directoryOf: (space: Space) => SpaceDirectory) {
    this.#context = context;
    this.#directoryOf = directoryOf;
  }

  open(facts: ConnectionFacts, session: Session, request: Request): OperationHandle {
    const exchange = this.#exchange(facts);
    if (session.dn !== '') exchange.identify({ user: userOf(session.dn) });
    exchange.operation(request.kind);
    exchange.entry.ldap = describe(request, session);
    const directory = this.#directoryOf(exchange.space);
    const concerned = this.#context.rules.mayConcern(exchange.space.name, exchange.entry);
    return {
      directory,
      ruling: concerned ? () => rulingOf(exchange, ruleFactsOf(exchange, request, facts)) : undefined,
      end: (end) => close(exchange, request, directory, session, end),
    };
  }

  undecodable(facts: ConnectionFacts, problem: string, octets: Buffer): void {
    const exchange = this.#exchange(facts);
    exchange.operation('undecodable');
    exchange.entry.request.body = { bytes: octets.length, content: Buffer.from(octets.subarray(0, KEPT_OCTETS)) };
    exchange.refuse('protocolError', problem, adviceOn(octets, facts));
    exchange.close();
  }

  #exchange(facts: ConnectionFacts): Exchange {
    const { peer, host, clientCertificate, tls } = facts;
    const exchange = new Exchange(this.#context, {
      protocol: 'ldap',
      direction: 'inbound',
      service: 'sds',
      resolved: this.#resolve(facts.spaceLabel),
      peer,
      host,
    });
    if (tls) exchange.entry.tls = tls;
    if (clientCertificate !== undefined) exchange.identify({ clientCertificate: clientCertificate.cn });
    return exchange;
  }

  #resolve(hostLabel: string | undefined): ResolvedSpace {
    const { spaces } = this.#context;
    try {
      return spaces.resolve({ hostLabel });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { space: spaces.default, reason: 'default' };
    }
  }
}

/** The user id where the name is a user's, else the name. */
const userOf = (dn: string): string => /^uid\s*=\s*([^,+]+)/i.exec(dn)?.[1] ?? dn;

function describe(request: Request, session: Session): NonNullable<Exchange['entry']['ldap']> {
  const bindDn = session.dn || undefined;
  switch (request.kind) {
    case 'search': {
      const { base, scope, filter, attributes } = request;
      const text = 'refused' in filter ? undefined : printFilter(filter);
      return { base, scope: SCOPES[scope] ?? String(scope), filter: text, attributes, bindDn };
    }
    case 'bind':
      return { bindDn: request.name };
    case 'compare':
      return { base: request.dn, filter: `(${request.attribute}=${request.value})`, bindDn };
    case 'extended':
      return { filter: request.oid, bindDn };
    case 'unbind':
    case 'abandon':
      return { bindDn };
    default:
      return { base: request.dn, bindDn };
  }
}

function close(
  exchange: Exchange,
  request: Request,
  directory: SpaceDirectory,
  session: Session,
  end: OperationEnd,
): void {
  const { code, matchedDn, message, count, broken } = end;
  const ldap = exchange.entry.ldap!;
  ldap.resultCode = code;
  if (request.kind === 'search') ldap.count = count;
  if (matchedDn !== '') ldap.matchedDn = matchedDn;
  // What a rule decided needs no other reason.
  const decided = exchange.entry.fault !== undefined || (exchange.entry.rule !== undefined && !isSuccess(code));
  if (request.kind === 'search' && broken === undefined && !decided) {
    const hints =
      count === 0 ? explainNothing(request, directory, session) : explainFound(request, count, end.unknownAttributes);
    for (const hint of hints) exchange.nearMiss(hint);
  }
  if (broken !== undefined) exchange.fail('broken', broken);
  else if (!isSuccess(code)) {
    const said = decided ? undefined : adviceOnRefusal(request, code, directory.settings);
    exchange.refuse(resultName(code), message || resultName(code), said ?? sentenceOf(exchange.entry.nearMisses[0]));
  }
  exchange.close();
}

/** A hint as advice: what was written, and what is wrong with it; an empty base is named by the reason itself. */
function sentenceOf(hint: NearMiss | undefined): string | undefined {
  return (
    hint && (hint.kind === 'base' && hint.candidate === '(empty)' ? hint.reason : `${hint.candidate} ${hint.reason}`)
  );
}

/** What the octets probably are, from how they begin. */
function adviceOn(octets: Buffer, facts: ConnectionFacts): string {
  const text = octets.toString('latin1', 0, 8);
  if (octets[0] === 0x16 && !facts.secure) {
    return 'This is a TLS hello on the clear-text port: use the LDAPS port, or send StartTLS first.';
  }
  if (/^(GET|POST|PUT|HEAD|OPTIONS|DELETE|CONNECT|PATCH) /.test(text))
    return 'This is an HTTP request: the directory speaks LDAP only.';
  return 'The octets are no LDAP message (RFC 4511 5.1): check protocol and port of the client.';
}

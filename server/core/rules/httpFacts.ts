/** All that rules can know of an HTTP exchange, as far as it is decoded by now. */
import type { HttpExchange } from '../http/httpExchange.ts';
import type { RuleFacts } from './facts.ts';
import { formFields } from './formFields.ts';
import { xmlParts } from './xmlParts.ts';

/**
 * A class, so that what is read on demand costs nothing unless a rule asks: an object literal with a getter would take memory that
 * only a full collection gives back, and with it all of the exchange.
 */
export class HttpFacts implements RuleFacts {
  readonly service: string;
  readonly operation: string | undefined;
  readonly interaction: string | undefined;
  readonly direction: RuleFacts['direction'];
  readonly protocol: RuleFacts['protocol'];
  readonly host: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly asid: string | undefined;
  readonly toAsid: string | undefined;
  readonly partyKey: string | undefined;
  readonly toPartyKey: string | undefined;
  readonly mailbox: string | undefined;
  readonly nhsNumber: string | undefined;
  readonly user: string | undefined;
  readonly role: string | undefined;
  readonly messageId: string | undefined;
  readonly conversationId: string | undefined;
  readonly #exchange: HttpExchange;

  constructor(exchange: HttpExchange) {
    const { entry } = exchange;
    const { identity } = entry;
    this.#exchange = exchange;
    this.service = entry.service;
    this.operation = entry.operation;
    this.interaction = entry.interaction;
    this.direction = entry.direction;
    this.protocol = entry.protocol;
    this.host = entry.host?.replace(/:\d+$/, '');
    this.method = exchange.method;
    this.path = exchange.path;
    this.asid = identity.asid;
    this.toAsid = identity.toAsid;
    this.partyKey = identity.partyKey;
    this.toPartyKey = identity.toPartyKey;
    this.mailbox = identity.mailbox;
    this.nhsNumber = identity.nhsNumber;
    this.user = identity.user;
    this.role = identity.role;
    this.messageId = identity.messageId;
    this.conversationId = identity.conversationId;
  }

  get query(): URLSearchParams {
    return this.#exchange.query;
  }

  get clientCertificate(): RuleFacts['clientCertificate'] {
    const { certificate } = this.#exchange;
    return certificate && { cn: certificate.cn, fingerprint: certificate.fingerprint256 };
  }

  header(name: string): string | undefined {
    return this.#exchange.header(name);
  }

  bodyText(): string {
    return this.#exchange.body.toString('utf8');
  }

  xml(): readonly string[] {
    return xmlParts(this.#exchange.body, this.header('content-type'));
  }

  form(): Readonly<Record<string, string>> {
    return formFields(this.bodyText(), this.header('content-type'));
  }
}

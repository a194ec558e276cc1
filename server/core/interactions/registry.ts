/**
 * Where messaging and the clinical domains meet: messaging decodes, validates and answers the transport; a domain service
 * registers what it does for an interaction. Neither imports the other.
 */
import type { Exchange } from '../exchange/exchange.ts';
import type { XmlElement } from '../xml/element.ts';
import type { OutgoingMessage } from './outgoing.ts';

/** How the interaction travels; a property of its contract, never of its name. */
export type Pattern = 'sync' | 'express' | 'reliable' | 'forward-reliable' | 'forward-express';

/** A decoded request, transport checks passed. */
export interface InteractionRequest {
  exchange: Exchange;
  pattern: Pattern;
  /** Short name, for example `pdsquery`. */
  service: string;
  /** For example `QUPA_IN000008UK02`. */
  interaction: string;
  /** The interaction element itself, in namespace urn:hl7-org:v3. */
  message: XmlElement;
  /** HL7 id/@root of the request, as sent. */
  messageId: string;
  /** ASID of the sender. */
  fromAsid: string;
  /** ASID that the sender addressed; a domain answers in its name. */
  toAsid: string;
  /** SDS user id and role profile id of the author, where the message has one. */
  user?: string;
  role?: string;
  /** What the ebXML header says; absent for a synchronous request. */
  ebxml?: EbxmlFacts;
  /**
   * Has Spine send a further message, to the sender or to others, behind the answer. It is kept in one with the answer: none
   * is sent when `handle` rejects.
   */
  send(message: OutgoingMessage): void;
}

/** Of the ebXML message that brought a request. */
export interface EbxmlFacts {
  messageId: string;
  conversationId: string;
  fromParty: string;
  toParty: string;
  cpaId: string;
  /**
   * The process ended, or a handler failed, while this very message was worked on before: what it was to change may be changed
   * already.
   */
  again: boolean;
}

/** A warning or error inside an answer: justifyingDetectedIssueEvent. */
export interface Reason {
  code: string;
  codeSystem: string;
  displayName: string;
  /** ER error, WG warning, IF information. */
  qualifier: 'ER' | 'WG' | 'IF';
  /** Code system of the qualifier, where the answer shows one. */
  qualifierSystem?: string;
}

/** What a domain says; messaging puts the transmission wrapper, and for sync the SOAP envelope, around it. */
export interface InteractionReply {
  /** For example `QUPA_IN000009UK03`; its element holds the transmission wrapper. */
  interaction: string;
  acknowledgement: 'AA' | 'AE' | 'AR';
  versionCode: string;
  reasons?: Reason[];
  /** Serialised child elements for `subject`, default namespace urn:hl7-org:v3; absent when the answer has no subject. */
  subject?: string;
  /** Attribute contextConductionInd="false" on the subject: update answers have it, query answers must not. */
  subjectConduction?: boolean;
  /** queryAck/queryResponseCode; absent for update answers. */
  queryResponseCode?: 'OK' | 'NF' | 'ID';
  /** Element around the interaction in a SOAP body, for example `retrievalQueryResponse`. */
  responseName?: string;
}

export interface InteractionHandler {
  /** Short service name and interactions that it answers. */
  service: string;
  interactions: string[];
  /** It changes what Spine keeps: a message whose HL7 id was seen before is refused. Queries may be repeated. */
  changes?: boolean;
  /** How far the behaviour is that of the real service, where it is not all of it. */
  status?: 'shaped';
  /**
   * Answers a request. A synchronous reply goes back at once, that to an ebXML message on a later connection, as the receiver's
   * contract for the reply says; undefined: there is none (for ebXML only). Where it rejects, the sender gets a fault and no
   * acknowledgement, and will send again.
   */
  handle(request: InteractionRequest): Promise<InteractionReply | undefined>;
  /** The domain's failure of that name or code, noted in the journal; undefined: it has none. */
  fail?(exchange: Exchange, name: string): InteractionReply | undefined;
}

/** All domain handlers, by `<service>/<interaction>`. */
export class InteractionRegistry {
  #handlers = new Map<string, InteractionHandler>();

  /** Throws when two domains claim the same interaction. */
  register(handler: InteractionHandler): void {
    for (const interaction of handler.interactions) {
      const key = `${handler.service}/${interaction}`;
      if (this.#handlers.has(key)) throw new Error(`${key} is registered twice`);
      this.#handlers.set(key, handler);
    }
  }

  find(service: string, interaction: string): InteractionHandler | undefined {
    return this.#handlers.get(`${service}/${interaction}`);
  }

  /** Every `<service>/<interaction>` with behaviour, for near misses and the coverage table. */
  names(): string[] {
    return [...this.#handlers.keys()].sort();
  }
}

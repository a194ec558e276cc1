/**
 * Messages in the style of Spine's first release (P1R1): a header of their own in place of WS-Addressing, a payload that is not
 * HL7. Messaging decodes and answers the transport; a domain registers what it does.
 */
import type { Exchange } from '../exchange/exchange.ts';
import type { XmlElement } from '../xml/element.ts';

/** A decoded request, transport checks passed. */
export interface P1r1Request {
  exchange: Exchange;
  messageId: string;
  fromAsid: string;
  toAsid: string;
  /** The element inside servicePayload. */
  payload: XmlElement;
}

/** Why a domain does not do it, in the words of the wire. */
export interface P1r1Refusal {
  /** Spine's own name for it, for the journal. */
  name: string;
  /** Of the detected issue and of queryResponseCode. */
  code: string;
  text: string;
  /** What was found, for the journal only. */
  detail: string;
  /** One plain sentence on what to fix. */
  advice: string;
}

/** `payload`: the serialised element that goes inside servicePayload. */
export type P1r1Reply = { interaction: string; payload: string } | { refusal: P1r1Refusal };

export interface P1r1Handler {
  /** As the directory lists it: service and interaction, both of which have colons. */
  serviceInteraction: string;
  handle(request: P1r1Request): Promise<P1r1Reply>;
}

/** All P1R1 handlers, by service and interaction. */
export class P1r1Registry {
  #handlers = new Map<string, P1r1Handler>();

  /** Throws when two domains claim the same interaction. */
  register(handler: P1r1Handler): void {
    const { serviceInteraction } = handler;
    if (this.#handlers.has(serviceInteraction)) throw new Error(`${serviceInteraction} is registered twice`);
    this.#handlers.set(serviceInteraction, handler);
  }

  find(serviceInteraction: string): P1r1Handler | undefined {
    return this.#handlers.get(serviceInteraction);
  }

  names(): string[] {
    return [...this.#handlers.keys()].sort();
  }
}

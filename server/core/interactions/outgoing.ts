/** Messages that Spine sends by itself: a domain says what, messaging writes, keeps and delivers them. */
import type { Space } from '../space/space.ts';
import type { InteractionReply } from './registry.ts';
import type { Trigger } from './trigger.ts';

/** The HL7 message inside; messaging puts the transmission wrapper around it. Without `acknowledgement` it answers nothing. */
export interface OutgoingContent extends Omit<InteractionReply, 'interaction' | 'acknowledgement' | 'responseName'> {
  acknowledgement?: InteractionReply['acknowledgement'];
  /** HL7 id of the message that is acknowledged. */
  messageRef?: string;
}

/** A message of Spine's own to another party. */
export interface OutgoingMessage {
  /** Short service name, for example `pds`; with the interaction it names the receiver's contract, which says the rest. */
  service: string;
  /** For example `PRPA_IN000207UK03`. */
  interaction: string;
  /** Receiver. Its party is the one that the directory lists for the ASID. */
  toAsid: string;
  /** In whose name; Spine's own ASID for the service where absent. */
  fromAsid?: string;
  content: OutgoingContent;
  /** The conversation that it belongs to; a new one where absent. */
  conversationId?: string;
  /** ebXML id of the message that it answers. */
  refToMessageId?: string;
  /** Simulated milliseconds from now. */
  afterMs?: number;
}

/** Who writes and delivers; messaging. */
export interface MessageCarrier {
  /** Resolves with the id of the delivery when the message is safe. */
  send(space: Space, message: OutgoingMessage): Promise<string>;
  /** Resolves with the ids of the deliveries. Rejects with TriggerError. */
  trigger(space: Space, wish: Trigger): Promise<string[]>;
}

/** Where domains hand in messages that no request led to: notifications, reminders, messages at a set time. */
export class SpineMessages {
  #carrier: MessageCarrier | undefined;

  /** Messaging says that it carries from now on. */
  carriedBy(carrier: MessageCarrier): void {
    this.#carrier = carrier;
  }

  /**
   * Has Spine send a message. Resolves when it is safe, with the id of its delivery (`/api/deliveries/<id>`): it is then sent,
   * and repeated, as the receiver's contract says. One that has no receiver is kept as undeliverable.
   */
  send(space: Space, message: OutgoingMessage): Promise<string> {
    return this.#carried().send(space, message);
  }

  /** Has a message sent that somebody wished by hand; resolves with the ids of its deliveries. Rejects with TriggerError. */
  trigger(space: Space, wish: Trigger): Promise<string[]> {
    return this.#carried().trigger(space, wish);
  }

  #carried(): MessageCarrier {
    if (!this.#carrier) throw new Error('nothing carries messages in this environment');
    return this.#carrier;
  }
}

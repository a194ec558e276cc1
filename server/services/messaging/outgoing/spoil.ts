/** Messages of Spine's that a rule spoils. */
import { Buffer } from 'node:buffer';
import type { Delivery } from '../../../core/deliveries/delivery.ts';
import type { MessagingWish } from '../../../core/rules/definition/messaging.ts';
import type { Space } from '../../../core/space/space.ts';

const REFERENCE = /(<(?:\w+:)?RefToMessageId>)[^<]*(<)/g;

/** `wrong-reference`: every RefToMessageId names a message that there is not. */
export function spoil(space: Space, _delivery: Delivery, body: Buffer, { delivery: wish }: MessagingWish): Buffer {
  return wish === 'wrong-reference' ? Buffer.from(withOtherReference(space, body.toString('latin1')), 'latin1') : body;
}

export function withOtherReference(space: Space, text: string): string {
  const other = space.ids.uuid();
  return text.replace(REFERENCE, (_all, open: string, close: string) => `${open}${other}${close}`);
}

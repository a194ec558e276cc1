/** A message as the admin path of the public sandbox shows it: tracking v1 in snake case. */
import type { Message } from '../mailbox/message.ts';
import { trackingV1 } from './tracking.ts';

export function adminMessage(message: Message): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(trackingV1(message))
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [snakeCase(name), value]),
  );
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

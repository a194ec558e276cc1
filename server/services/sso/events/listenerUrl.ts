/** Where token events may be sent: any host, port and path, as long as it is HTTP. */

import { readTarget } from '../../../core/outbound/target.ts';

/** Longer than any address that a client library registers. */
const MAX_URL_LENGTH = 2_048;

export function isListenerUrl(text: string): boolean {
  return text.length <= MAX_URL_LENGTH && readTarget(text) !== undefined;
}

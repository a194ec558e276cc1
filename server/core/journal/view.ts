/** The journal as the admin API and the console show it: bodies as text where they are text. */
import type { Body, JournalEntry } from './entry.ts';

export interface BodyView {
  bytes: number;
  truncated: boolean;
  text?: string;
  base64?: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text when the bytes are valid UTF-8, else base64. A body cut off in the middle of a character still counts as text. */
export function bodyView(body: Body | undefined): BodyView | undefined {
  if (!body) return undefined;
  const truncated = body.bytes > body.content.length;
  for (let cut = 0; cut <= (truncated ? 3 : 0); cut++) {
    try {
      const text = decoder.decode(body.content.subarray(0, body.content.length - cut));
      return { bytes: body.bytes, truncated, text };
    } catch {
      // Not valid up to here: try without the last byte of a cut-off character, then fall back to base64.
    }
  }
  return { bytes: body.bytes, truncated, base64: body.content.toString('base64') };
}

/** One entry with all that is known. */
export function entryView(entry: JournalEntry) {
  return {
    ...entry,
    request: { headers: entry.request.headers, body: bodyView(entry.request.body) },
    response: { headers: entry.response.headers, body: bodyView(entry.response.body) },
  };
}

/** One entry as a line of a list: without headers, bodies and steps. */
export function summaryView(entry: JournalEntry) {
  const { request, response, steps, ...rest } = entry;
  return {
    ...rest,
    requestBytes: request.body?.bytes ?? 0,
    responseBytes: response.body?.bytes ?? 0,
    steps: steps.length,
  };
}

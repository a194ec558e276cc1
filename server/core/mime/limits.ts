/** How much of a MIME body is read before it is refused. */
export interface MimeLimits {
  /** Bytes of the whole body. */
  maxBytes: number;
  maxParts: number;
  /** Bytes of one part's header. */
  maxHeaderBytes: number;
}

export const DEFAULT_MIME_LIMITS: MimeLimits = {
  // Message handlers in the field cap a message at 5 MiB (5,242,880 and 4,999,600 bytes are seen).
  maxBytes: 5 * 1024 * 1024,
  // A record transfer carries header, payload and one part an attachment; a hundred attachments is far beyond the usual.
  maxParts: 250,
  // Three short lines are the rule.
  maxHeaderBytes: 16 * 1024,
};

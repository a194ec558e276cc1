/** What one connection may cost. Message and filter sizes are limited where they are read. */

/** Connections at the same time; each costs about 5 kB, with TLS about 40 kB. */
export const MAX_CONNECTIONS = 8192;

/** Octets waiting to be sent: beyond this nothing more is read from the client or the directory until some have left. */
export const MAX_UNSENT_BYTES = 1 << 20;

/** Searches that go on in turns on one connection; beyond this the next message waits. slapd allows 100 (conn_max_pending). */
export const MAX_RUNNING = 32;

/** A client that takes nothing of what is waiting for it for so long is cut off, in milliseconds. */
export const STALLED_READER_MS = 60_000;

/** Longest time between the first and the last octet of one message, in milliseconds. */
export const PARTIAL_MESSAGE_MS = 30_000;

/** Pooled connections rest for hours between look-ups; firewalls of real networks cut them off sooner than this. In milliseconds. */
export const IDLE_MS = 4 * 3_600_000;

/** How often the times above are looked at, in milliseconds. */
export const SWEEP_MS = 5_000;

/** A closed connection gets so long to take what was sent last, in milliseconds. */
export const LINGER_MS = 5_000;

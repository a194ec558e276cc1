/** Bounds of outbound connections; the waits are settings (`outbound`), these are not. */

/** A free connection is closed before the usual server does it (5 s), so that few requests meet a closed one. */
export const FREE_SOCKET_MS = 4_000;

/** Free connections kept to one partner; more than a load test needs, few enough for its listen queue. */
export const MAX_FREE_SOCKETS = 64;

/** Largest header block of an answer, as real proxies have it. */
export const MAX_ANSWER_HEADER_BYTES = 32 * 1024;

/** Largest body that `collect` takes unless told: answers of message handlers are small, documents are streamed. */
export const MAX_COLLECTED_BYTES = 16 << 20;

/** A partner that was asked by 100-continue whether it wants a body, and says nothing, gets it after this: as curl and .NET do. */
export const EXPECT_MS = 1_000;

/** How often a connection that is to be closed is asked whether all that was written has left, in milliseconds. */
export const FLUSH_LOOK_MS = 10;

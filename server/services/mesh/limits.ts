/** Every size, count and time that bounds what MESH holds or does, with its reason. What users may change is in `rules.ts`. */

/** Bodies up to this length are kept in the message's own batch of rows: one write to disk in place of three. */
export const INLINE_BYTES = 16 * 1024;

/** Payloads up to this length are compressed or decompressed in memory; longer ones go through the store. */
export const IN_MEMORY_BYTES = 1024 * 1024;

/** Longest result of decompressing one chunk for a client without gzip: a few kilobytes can claim to be terabytes. */
export const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

/** Longest JSON of an admin path; the largest real one is a report of about 1 kB. */
export const MAX_ADMIN_BYTES = 64 * 1024;

/** Longest body that is read and dropped where none is expected: the client gets its answer on a connection that lives on. */
export const MAX_IGNORED_BYTES = 1024 * 1024;

/** Used tokens remembered in each of two generations, about 20 MB; beyond it the oldest are forgotten early. */
export const MAX_USED_TOKENS = 100_000;

/** Largest chunk count of one message; real services know messages of 10,000 chunks. */
export const MAX_CHUNKS = 100_000;

/** Messages that expire in one step between two others. */
export const EXPIRY_BATCH = 200;

/** Inbox rows read at a time while a filter looks for matches. */
export const FILTER_BATCH = 500;

/** Near misses that one refusal lists. */
export const MAX_NEAR_MISSES = 5;

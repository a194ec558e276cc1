/** What a connection may cost before it has shown that it is a TLS client. */

export interface TlsLimits {
  /** Bytes of a ClientHello. Real ones have 200 to 2,500, with a large session ticket 10,000; two full records are plenty. */
  helloBytes: number;
  /** Records that a hello may be split over. Test tools cut a hello into one-byte records; longer trains gain nothing. */
  helloRecords: number;
  /** Milliseconds of real time from accepting the connection to the last byte of the hello. A client on a bad line needs 1-2 s. */
  helloMs: number;
  /**
   * Milliseconds of real time from the hello to the end of the handshake. A client may ask a person for a smartcard PIN in
   * between, and thousands of handshakes may queue for the processor; Node's own limit is 120 s.
   */
  handshakeMs: number;
  /** Connections that may be waiting to complete a hello; beyond it the one that waited longest goes. About 5 KB each. */
  pendingHellos: number;
  /** Bytes of a plain HTTP request that is read before it is told that this is a TLS port: nginx's large_client_header_buffers. */
  plainRequestBytes: number;
  /** Milliseconds that a refused connection stays open to let the client read the alert: nginx's lingering_timeout is 5 s. */
  lingerMs: number;
}

export const TLS_LIMITS: Readonly<TlsLimits> = {
  helloBytes: 32 * 1024,
  helloRecords: 4096,
  helloMs: 10_000,
  handshakeMs: 60_000,
  pendingHellos: 4096,
  plainRequestBytes: 32 * 1024,
  lingerMs: 2000,
};

/** Bytes of a record's content (RFC 8446 5.1: 2^14). Not a setting: the rule of the protocol. */
export const MAX_RECORD_BYTES = 16_384;

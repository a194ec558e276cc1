/** The bytes of a text that is sent, in a buffer of its own: the journal can keep it without a copy. */
export function utf8Bytes(text: string): Buffer {
  const size = Buffer.byteLength(text, 'utf8');
  const bytes = Buffer.allocUnsafeSlow(size);
  // As many bytes as characters: it is ASCII, which is copied faster than it is encoded.
  bytes.write(text, size === text.length ? 'latin1' : 'utf8');
  return bytes;
}

/**
 * Frees the memory of a chunk at once. Node makes a buffer of its own for each chunk of a body, and V8 frees it when it next
 * collects garbage, for which it waits until such buffers take tens of megabytes: a long body then costs that much memory, and
 * most of its time goes into collections.
 *
 * The chunk is empty afterwards. One that shares its memory (a slice, a pooled buffer) is left alone.
 */
export function letGo(chunk: Buffer): void {
  const memory = chunk.buffer;
  if (memory instanceof ArrayBuffer && memory.byteLength === chunk.length && chunk.length > 0) memory.transfer(0);
}

/** The second and further chunks of a message. The last one completes it. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import type { Space } from '../../../core/space/space.ts';
import { json } from '../answers.ts';
import type { ApiVersion } from '../apiVersion.ts';
import type { MailboxCall } from '../call.ts';
import { ERRORS } from '../errors.ts';
import type { Chunks, ReceivedChunk } from '../mailbox/chunks.ts';
import { type Message, statusOf } from '../mailbox/message.ts';
import type { Mesh } from '../mesh.ts';
import { contentEncoding, parseChunkRange } from '../mexHeaders.ts';
import { orderedExpiry } from '../orderedFaults.ts';
import { receiveChunk } from './receiveChunk.ts';

export async function sendChunk(call: MailboxCall): Promise<HttpAnswer> {
  const { exchange, mesh, messageId: id, space, version } = call;
  const asked = exchange.params.chunk ?? '';
  if (!/^\d{1,9}$/.test(asked)) {
    return call.invalid([
      { loc: ['path', 'chunk_number'], msg: 'Input should be a valid integer', type: 'int_parsing' },
    ]);
  }
  const number = Number(asked);
  const header = exchange.header('mex-chunk-range');
  if (parseChunkRange(header ?? '')?.number !== number) {
    const why = header === undefined ? 'there is no Mex-Chunk-Range' : `it is "${header}" and the path says ${asked}`;
    return call.refuse(ERRORS.chunkRange, { messageId: id, why });
  }
  const message = await mesh.messages.get(space.name, id);
  const refusal = message
    ? refuse(call, message, number)
    : call.refuse(ERRORS.notFound, { why: `there is no message ${id}` });
  if (!message || refusal) return refusal!;

  const chunk = await receiveChunk(call, id, number, mesh.rules.maxMessageBytes - message.size);
  if ('status' in chunk) return chunk;
  if (chunk.lost) return accepted(version, id, number);
  const kept = await keep(call, id, chunk);
  if (!kept) {
    // Another request has completed the message, or removed it, while these bytes came.
    await chunk.drop();
    return refuseComplete(call, id);
  }
  if (number === kept.totalChunks && statusOf(kept) === 'uploading') {
    // The chunk itself is good, and stays: when the missing ones have come the message is complete.
    const why = `${kept.received} of ${kept.totalChunks} chunks have come`;
    return call.refuse(ERRORS.chunksMissing, { messageId: id, why });
  }
  return accepted(version, id, number);
}

function accepted(version: ApiVersion, id: string, number: number): HttpAnswer {
  // v2 clients parse this body; the peer sends a bare null.
  return json(202, version === 1 ? { messageID: id, blockID: number } : null);
}

/** Writes the chunk with the message that it changes. Undefined when the message takes no more chunks. */
async function keep(call: MailboxCall, id: string, chunk: ReceivedChunk): Promise<Message | undefined> {
  const { mesh, space } = call;
  const expiry = orderedExpiry(call);
  let before: Awaited<ReturnType<Chunks['replaced']>>;
  const kept = await mesh.messages.update(
    space.name,
    id,
    async (current) => {
      if (statusOf(current) !== 'uploading') return undefined;
      before = await mesh.chunks.replaced(space.name, id, chunk.number);
      const undeliverable = expiry ?? current.undeliverable;
      return withChunk(mesh, space, { ...current, undeliverable }, chunk, before.size);
    },
    (changed) => ({
      operations: [...before.removal.operations, ...chunk.operations],
      messages: mesh.delivery.reportsOn(space, changed),
    }),
  );
  if (kept) await before!.removal.done();
  return kept;
}

/** The message with one more chunk, or another in the place of one; complete if all are there. */
function withChunk(
  mesh: Mesh,
  space: Space,
  message: Message,
  { number, size }: ReceivedChunk,
  replaced: number | undefined,
): Message {
  const received = message.received + (replaced === undefined ? 1 : 0);
  const grown = { ...message, received, size: message.size + size - (replaced ?? 0) };
  const { refuseHoles } = mesh.rules;
  const complete = refuseHoles ? received === message.totalChunks : number === message.totalChunks;
  return complete ? mesh.delivery.completed(space, grown) : grown;
}

/** Why this message takes no such chunk. */
function refuse(call: MailboxCall, message: Message, number: number): HttpAnswer | undefined {
  const { id } = message;
  if (message.sender.mailbox !== call.mailbox.id) {
    return call.refuse(ERRORS.forbidden, { why: `${id} was sent by another mailbox` });
  }
  if (statusOf(message) !== 'uploading') return refuseComplete(call, id);
  if (number > message.totalChunks) {
    const why = `${id} was announced with ${message.totalChunks} chunks, this is chunk ${number}`;
    return call.refusePlain(406, why, 'Announce all chunks in the Mex-Chunk-Range of the first.');
  }
  const encoding = contentEncoding(call.exchange);
  if (encoding === message.contentEncoding) return undefined;
  const why = `it was ${message.contentEncoding ?? 'none'}, and is ${encoding ?? 'none'} now`;
  return call.refuse(ERRORS.encodingChanged, { messageId: id, why });
}

function refuseComplete(call: MailboxCall, id: string): HttpAnswer {
  return call.refusePlain(423, `the upload of ${id} has ended`, 'Send a new message.');
}

/** The second and further chunks of a message. The last one completes it. */
import type { HttpAnswer } from '../../../core/http/answer.ts';
import { json } from '../answers.ts';
import type { MailboxCall } from '../call.ts';
import { ERRORS } from '../errors.ts';
import { type Message, statusOf } from '../mailbox/message.ts';
import { contentEncoding, parseChunkRange } from '../mexHeaders.ts';
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
  const replaced = await mesh.chunks.sizeOf(space.name, id, number);
  const kept = await mesh.messages.update(
    space.name,
    id,
    (current) =>
      statusOf(current) === 'uploading' ? withChunk(call, current, number, chunk.size, replaced) : undefined,
    (changed) => ({ operations: [chunk.row], messages: mesh.delivery.reportsOn(space, changed) }),
  );
  if (!kept) return refuseComplete(call, id);
  if (number === kept.totalChunks && statusOf(kept) === 'uploading') {
    // The chunk itself is good, and stays: when the missing ones have come the message is complete.
    const why = `${kept.received} of ${kept.totalChunks} chunks have come`;
    return call.refuse(ERRORS.chunksMissing, { messageId: id, why });
  }
  // v2 clients parse this body; the peer sends a bare null.
  return json(202, version === 1 ? { messageID: id, blockID: number } : null);
}

/** The message with one more chunk, or another in the place of one; complete if all are there. */
function withChunk(
  call: MailboxCall,
  message: Message,
  number: number,
  size: number,
  replaced: number | undefined,
): Message {
  const received = message.received + (replaced === undefined ? 1 : 0);
  const grown = { ...message, received, size: message.size + size - (replaced ?? 0) };
  const { refuseHoles } = call.mesh.rules;
  const complete = refuseHoles ? received === message.totalChunks : number === message.totalChunks;
  return complete ? call.mesh.delivery.completed(call.space, grown) : grown;
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
